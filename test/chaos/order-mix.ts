import type { CheckoutRequest } from '../../src/domain/order';
import type { RefusalCode } from '../../src/domain/refusals';
import { resourceIdOf } from '../../src/idempotency/key';
import { Draws } from '../proof/draws';
import { aRequest } from '../support/builders';
import { oneOf } from './chance';
import type { ChaosOptions } from './options';
import { VISITS } from './visits';
import type { End, Visit } from './visits';

export interface PlannedOrder {
  readonly key: string;
  readonly tenant: string;
  /** Known in advance: the id is derived from tenant and key. */
  readonly id: string;
  readonly request: CheckoutRequest;
  /** Sent with the same key at the same moment: whichever arrives first wins. */
  readonly changed: CheckoutRequest | undefined;
  /** How many times `request` is sent at the same moment. */
  readonly copies: number;
  readonly cancelAfterMs: number | undefined;
  /** How it must end, unless it is cancelled or something is down for too long; undefined means completed. */
  readonly refusal: RefusalCode | undefined;
  /** What its customer does when asked to approve. */
  readonly visit: Visit | undefined;
}

interface Kind {
  readonly share: number;
  readonly request: Partial<CheckoutRequest>;
  readonly refusal?: RefusalCode;
  readonly cancelled?: true;
  readonly visit?: Visit;
}

const { shippingAddress } = aRequest();
const token = (name: string): Partial<CheckoutRequest> => ({ payment: { token: name } });
const SOLD_OUT: Partial<CheckoutRequest> = { items: [{ sku: 'SOLD-OUT', quantity: 1 }] };
const UNDELIVERABLE: Partial<CheckoutRequest> = { shippingAddress: { ...shippingAddress, postalCode: '00000' } };

/** The kinds of orders and their shares: most are good, and every way to end occurs. */
const KINDS: readonly Kind[] = [
  { share: 0.5, request: token('tok_visa') },
  { share: 0.04, request: token('tok_flaky') },
  { share: 0.04, request: token('tok_lost_answer') },
  { share: 0.02, request: token('tok_slow') },
  { share: 0.08, request: token('tok_declined'), refusal: 'payment-declined' },
  { share: 0.06, request: SOLD_OUT, refusal: 'out-of-stock' },
  {
    share: 0.06,
    request: UNDELIVERABLE,
    refusal: 'undeliverable-address',
  },
  { share: 0.2, request: token('tok_visa'), cancelled: true },
];

/** With `--payments async`: most wait, and some of what was approved is undone again. */
const ASYNC_KINDS: readonly Kind[] = [
  { share: 0.03, request: token('tok_visa') },
  { share: 0.03, request: token('tok_lost_answer') },
  { share: 0.04, request: token('tok_declined'), refusal: 'payment-declined' },
  { share: 0.1, request: token('tok_pending') },
  { share: 0.04, request: { ...token('tok_pending'), ...UNDELIVERABLE }, refusal: 'undeliverable-address' },
  { share: 0.04, request: token('tok_pending'), cancelled: true },
  { share: 0.06, request: { ...token('tok_3ds'), ...SOLD_OUT }, refusal: 'out-of-stock', visit: 'approves' },
  { share: 0.14, request: token('tok_3ds'), visit: 'approves' },
  { share: 0.08, request: token('tok_3ds_no_webhook'), visit: 'approves' },
  { share: 0.08, request: token('tok_3ds'), visit: 'approves-twice' },
  { share: 0.08, request: token('tok_3ds'), visit: 'declines' },
  { share: 0.05, request: token('tok_3ds'), visit: 'abandons' },
  { share: 0.05, request: token('tok_3ds'), visit: 'approves-at-the-deadline' },
  { share: 0.05, request: token('tok_3ds'), visit: 'approves-after-the-end' },
  { share: 0.08, request: token('tok_3ds'), visit: 'cancels-then-approves' },
  { share: 0.05, request: token('tok_3ds'), visit: 'cancels-and-approves' },
];
const SKUS = ['MUG-BLUE', 'TEE-BLACK', 'POSTER-A2', 'PEN'] as const;
const QUANTITIES = [1, 2, 3] as const;
const COPIES = [1, 1, 2, 3, 4, 5] as const;
const CHANGED = 0.1;
/** Each uses every key once: the answers of one must not reach the other. */
const TENANTS = ['acme', 'globex'] as const;
/** Early: later it would be too late for most orders. */
const CANCEL_WITHIN_MS = 400;

export function planOrder(seed: number, number: number, payments?: ChaosOptions['payments']): PlannedOrder {
  const draws = new Draws(seed, `order ${number}`);
  const { request: kind, refusal, cancelled, visit } = kindAt(draws.next(), payments ? ASYNC_KINDS : KINDS);
  const request = aRequest({ items: [{ sku: oneOf(draws, SKUS), quantity: oneOf(draws, QUANTITIES) }], ...kind });
  const tenant = TENANTS[number % TENANTS.length] ?? TENANTS[0];
  const key = `chaos-${seed}-${Math.floor(number / TENANTS.length)}`;
  return {
    key,
    tenant,
    id: resourceIdOf('chk', tenant, key),
    request,
    changed: draws.next() < CHANGED ? oneMoreOf(request) : undefined,
    copies: oneOf(draws, COPIES),
    cancelAfterMs: cancelled && Math.floor(draws.next() * CANCEL_WITHIN_MS),
    refusal,
    visit,
  };
}

const oneMoreOf = (request: CheckoutRequest): CheckoutRequest => ({
  ...request,
  items: request.items.map(({ sku, quantity }) => ({ sku, quantity: quantity + 1 })),
});

/** How it may end, unless something is down for too long. If there are several, a race decides. */
export function plannedEnds({ refusal, visit, cancelAfterMs }: PlannedOrder): readonly End[] {
  const ends: readonly End[] = visit ? VISITS[visit].ends : ['completed'];
  const planned = ends.map((end) => (end === 'completed' && refusal ? refusal : end));
  return cancelAfterMs === undefined ? planned : ['cancelled', ...planned];
}

function kindAt(drawn: number, kinds: readonly Kind[]): Kind {
  let below = 0;
  const kind = kinds.find(({ share }) => drawn < (below += share));
  if (!kind) throw new Error(`The shares of the kinds of orders do not add up to 1: ${drawn}`);
  return kind;
}
