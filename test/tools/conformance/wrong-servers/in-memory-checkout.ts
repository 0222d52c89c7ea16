import { randomUUID } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import { PROBLEMS } from '../../../../api/problem-codes';
import type { ProblemCode } from '../../../../api/problem-codes';
import type { CheckoutRequest } from '../../../../src/domain/order';
import type { RefusalCode } from '../../../../src/domain/refusals';
import { STEPS } from '../../../../src/domain/steps';
import { jsonAnswer } from '../../../../src/idempotency/stored-answer';
import type { StoredAnswer } from '../../../../src/idempotency/stored-answer';

const PRICES: Readonly<Record<string, number>> = { 'MUG-BLUE': 1500, 'POSTER-A2': 900, 'SOLD-OUT': 4000 };
const USUAL_MS = 30;
/** Longer than the shortest wait a client can ask for. */
const SLOW_MS = 1_500;

/** A checkout that takes a while and then ends, without any real steps. */
export interface InMemoryCheckout {
  readonly id: string;
  readonly tenant: string;
  readonly acceptance: StoredAnswer;
  readonly outcome: Promise<StoredAnswer>;
  view(): object;
  /** True while its customer has to approve; then only a cancel ends it. */
  isAsking(): boolean;
  cancel(): void;
}

export const problem = (code: ProblemCode, members: object = {}): StoredAnswer => {
  const { status, title, advice } = PROBLEMS[code];
  const type = 'application/problem+json; charset=utf-8';
  return jsonAnswer(
    status,
    { type: `/problems/${code}`, title, status, code, detail: advice, ...members },
    {
      'content-type': type,
    },
  );
};

export function runInMemory(tenant: string, request: CheckoutRequest): InMemoryCheckout {
  const id = `chk_${randomUUID().replaceAll('-', '')}`;
  const links = { self: `/v1/checkouts/${id}` };
  const refusal = request.payment.token === 'tok_3ds' ? 'cancelled' : refusalOf(request);
  let ended = false;
  let asking = request.payment.token === 'tok_3ds';
  let cancel = () => {};
  const cancelled = new Promise<void>((resolve) => {
    cancel = () => {
      asking = false;
      resolve();
    };
  });

  const view = () => {
    const state = asking ? 'awaiting-customer' : !ended ? 'running' : refusal ? 'refused' : 'completed';
    const nextAction = asking ? { type: 'redirect', url: 'https://bank.example/approve' } : null;
    const steps = STEPS.map((name) => ({ name, state: state === 'completed' ? 'done' : 'pending' }));
    return { id, state, refusal: ended && refusal ? { code: refusal } : null, steps, links, nextAction };
  };
  const end = async () => {
    await rest(request.payment.token === 'tok_slow' ? SLOW_MS : USUAL_MS);
    if (asking) await cancelled;
    ended = true;
    return refusal ? problem(refusal, { checkoutId: id }) : jsonAnswer(201, view(), { location: links.self });
  };
  const acceptance = jsonAnswer(202, { id, state: 'accepted', links }, { location: links.self });
  return { id, tenant, acceptance, outcome: end(), view, isAsking: () => asking, cancel };
}

function refusalOf({ items, payment, shippingAddress, expectedTotal }: CheckoutRequest): RefusalCode | undefined {
  const total = items.reduce((sum, { sku, quantity }) => sum + (PRICES[sku] ?? 0) * quantity, 0);
  if (expectedTotal !== undefined && expectedTotal !== total) return 'price-changed';
  if (payment.token === 'tok_declined') return 'payment-declined';
  if (items.some(({ sku }) => sku === 'SOLD-OUT')) return 'out-of-stock';
  return shippingAddress.postalCode === '00000' ? 'undeliverable-address' : undefined;
}
