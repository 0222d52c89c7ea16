import { checkoutWorkflowId } from '../../../contract/checkout';
import { SANDBOX_API_KEYS } from '../../../domain/api-keys';
import type { CheckoutRequest } from '../../../domain/order';
import type { Queryable } from '../../../postgres/database';
import type { Secret } from './sieve';

/** Shorter values appear in any text and identify nobody. */
const SHORTEST = 8;
/** A name or street of one word could be any word. */
const SEVERAL_WORDS = /\S\s+\S/;

/** The personal data and tokens of the newest checkouts, from the rows that store them. */
export async function secretsOfCheckouts(db: Queryable, count: number): Promise<Secret[]> {
  const { rows } = await db.query<{ id: string; request: CheckoutRequest; actionUrl: string | null }>(
    `select id, request, action_url as "actionUrl"
       from checkouts
       left join payment_waits on checkout_id = id
      order by accepted_at desc
      limit $1`,
    [count],
  );
  return rows.flatMap(({ id, request, actionUrl }) => [
    ...secretsIn(id, request),
    ...(actionUrl === null ? [] : [{ kind: 'the address where the customer approves', value: actionUrl, of: id }]),
  ]);
}

/** The ids of the same checkouts in Temporal. */
export async function workflowIdsOf(db: Queryable, count: number): Promise<string[]> {
  const { rows } = await db.query<{ tenant: string; key: string }>(
    `select tenant, idempotency_key as key from checkouts order by accepted_at desc limit $1`,
    [count],
  );
  return rows.map(({ tenant, key }) => checkoutWorkflowId(tenant, key));
}

export function secretsIn(id: string, { customer, payment, shippingAddress }: CheckoutRequest): Secret[] {
  const { name, line1, line2 = '' } = shippingAddress;
  const streets = [line1, line2].filter((line) => SEVERAL_WORDS.test(line));
  return [
    { kind: 'the e-mail address', value: customer.email, of: id },
    { kind: 'the payment token', value: payment.token, of: id },
    ...(SEVERAL_WORDS.test(name) ? [{ kind: 'the name', value: name, of: id }] : []),
    ...streets.map((value) => ({ kind: 'the street', value, of: id })),
  ].filter(({ value }) => value.length >= SHORTEST);
}

/** The keys of the API, and those of payloads in the form `id:base64key,…`. */
export const secretsOfInstallation = (payloadKeys: string): Secret[] => [
  ...Object.keys(SANDBOX_API_KEYS).map((value) => ({ kind: 'an API key', value, of: null })),
  ...payloadKeys
    .split(',')
    .map((entry) => ({ kind: 'a payload key', value: entry.slice(entry.indexOf(':') + 1), of: null }))
    .filter(({ value }) => value.length >= SHORTEST),
];
