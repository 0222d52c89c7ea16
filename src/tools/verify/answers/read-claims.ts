import type { Queryable } from '../../../postgres/database';
import type { StoredAnswer } from '../../../idempotency/stored-answer';
import { pagesOf } from '../pages';
import { OPERATION } from './judge-claim';
import type { ClaimedCheckout } from './judge-claim';

/** An older claim may be gone; then the order itself keeps its key from being reused. */
const CLAIMS_KEPT_DAYS = 400;

type Row = Omit<ClaimedCheckout, 'claim'> & {
  readonly resourceId: string | null;
  readonly fingerprint: Buffer;
  readonly forgotten: boolean;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly outcomeStatus: number | null;
  readonly outcomeHeaders: Record<string, string>;
  readonly outcomeBody: Buffer;
};

const CLAIMED = `
  select checkout.id as "checkoutId", checkout.tenant, checkout.idempotency_key as key, request, state,
         resource_id as "resourceId", fingerprint, forgotten_at is not null as forgotten,
         acceptance_status as status, acceptance_headers as headers, acceptance_body as body,
         outcome_status as "outcomeStatus", outcome_headers as "outcomeHeaders", outcome_body as "outcomeBody"
    from checkouts checkout
    left join idempotency_claims claim
      on (claim.tenant, claim.operation, claim.key) = (checkout.tenant, '${OPERATION}', checkout.idempotency_key)`;

/** Every checkout that must have its claim. */
export async function* readClaims(db: Queryable): AsyncGenerator<ClaimedCheckout> {
  const rows = pagesOf<Row>(
    db,
    `${CLAIMED}
      where checkout.id > $1
        and (resource_id is not null or checkout.accepted_at > now() - interval '${CLAIMS_KEPT_DAYS} days')
      order by checkout.id
      limit $2`,
  );
  for await (const row of rows) yield claimedOf(row);
}

/** The newest checkouts whose answers are still stored. */
export async function newestClaims(db: Queryable, count: number): Promise<ClaimedCheckout[]> {
  const { rows } = await db.query<Row>(
    `${CLAIMED}
      where resource_id is not null
        and forgotten_at is null
        and checkout.accepted_at > now() - interval '29 days'
      order by checkout.accepted_at desc
      limit $1`,
    [count],
  );
  return rows.map(claimedOf);
}

function claimedOf(row: Row): ClaimedCheckout {
  const { checkoutId, tenant, key, request, state, resourceId, fingerprint, forgotten, status, headers, body } = row;
  const checkout = { checkoutId, tenant, key, request, state };
  if (resourceId === null) return { ...checkout, claim: null };
  const acceptance: StoredAnswer = { status, headers, body };
  return { ...checkout, claim: { resourceId, fingerprint, forgotten, acceptance, outcome: outcomeOf(row) } };
}

const outcomeOf = ({ outcomeStatus, outcomeHeaders, outcomeBody }: Row): StoredAnswer | null =>
  outcomeStatus === null ? null : { status: outcomeStatus, headers: outcomeHeaders, body: outcomeBody };
