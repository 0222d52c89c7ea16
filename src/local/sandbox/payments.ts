import type { Answer, Entry } from './entry';
import type { KeyRecord } from './key-record';
import { newId, operationsOf } from './operation';
import type { AnyOperation, Quirk } from './operation';

/** How long a customer may take to approve. */
const CUSTOMER_HAS_MS = 30 * 60_000;
/** Of `tok_pending`. */
const DECIDES_AFTER_MS = 3_000;

/** The page's id is all it takes to approve, so it cannot be guessed, and says nothing about the key. */
const asksCustomer = (): Answer => ({
  outcome: 'customer-action',
  page: newId('pay'),
  // eslint-disable-next-line no-restricted-syntax -- a provider's own clock
  expiresAt: new Date(Date.now() + CUSTOMER_HAS_MS).toISOString(),
});

interface Card {
  readonly quirk?: Quirk;
  readonly declined?: string;
  readonly undecided?: () => Answer;
}

/** `slow`, `flaky` and `lost-answer` concern the connection, not the card: in the end these are authorized. */
const TOKENS = new Map<string, Card>([
  ['tok_visa', {}],
  ['tok_slow', { quirk: 'slow' }],
  ['tok_flaky', { quirk: 'flaky' }],
  ['tok_lost_answer', { quirk: 'lost-answer' }],
  ['tok_declined', { declined: 'card-declined' }],
  ['tok_insufficient_funds', { declined: 'insufficient-funds' }],
  ['tok_3ds', { undecided: asksCustomer }],
  ['tok_3ds_no_webhook', { undecided: () => ({ ...asksCustomer(), webhook: 'never' }) }],
  ['tok_pending', { undecided: () => ({ outcome: 'pending' }) }],
]);

interface Money {
  readonly amount: number;
  readonly currency: string;
}

const moneyIn = ({ seq, amount, currency }: Entry): Money => {
  if (amount === undefined || currency === undefined) throw new Error(`Journal line ${seq} has no amount`);
  return { amount, currency };
};

const authorized = (money: Money): Answer => ({ outcome: 'authorized', authorizationId: newId('auth'), ...money });

const declined = (money: Money, reason: string): Answer => ({ outcome: 'declined', reason, ...money });

/** What a customer can decide, who was asked. */
export const DECISIONS = {
  approve: (left: Entry): Answer => authorized(moneyIn(left)),
  decline: (left: Entry): Answer => declined(moneyIn(left), 'customer-declined'),
};

/** Why a payment is declined whose customer did not decide in time. */
export const EXPIRED = 'expired';

const payments = operationsOf('payments');

export const AUTHORIZE = payments('authorize', {
  name: 'authorize',
  reference: 'authorizationId',
  closedBy: 'void',
  refusal: { outcome: 'declined', reason: 'fault-switch' },
  quirk: ({ token }) => TOKENS.get(token)?.quirk,
  decide: ({ amount, currency, token }): Answer => {
    const card = TOKENS.get(token) ?? { declined: 'unknown-token' };
    if (card.declined !== undefined) return declined({ amount, currency }, card.declined);
    return card.undecided ? { ...card.undecided(), amount, currency } : authorized({ amount, currency });
  },
  afterwards: (left) =>
    left.outcome === 'pending'
      ? { afterMs: DECIDES_AFTER_MS, answer: authorized(moneyIn(left)) }
      : { afterMs: CUSTOMER_HAS_MS, answer: declined(moneyIn(left), EXPIRED) },
});

/** The money held under the key, as facts of an answer. */
function held(record: KeyRecord): (Money & { readonly authorizationId: string }) | undefined {
  const entry = record.settled('authorize');
  if (entry?.outcome !== 'authorized') return undefined;
  const { authorizationId } = entry;
  if (typeof authorizationId !== 'string') throw new Error(`Journal line ${entry.seq} authorizes nothing`);
  return { authorizationId, ...moneyIn(entry) };
}

/** What was captured under the key and not given back since. */
function takenLeft(record: KeyRecord): Money | undefined {
  const captured = record.settled('capture');
  if (!captured) return undefined;
  const { amount, currency } = moneyIn(captured);
  const given = record.settledOfEach('refund').reduce((sum, entry) => sum + moneyIn(entry).amount, 0);
  return { amount: amount - given, currency };
}

const voiding = payments('void', {
  name: 'void',
  reference: 'refundId',
  decide: (_body, record): Answer => {
    const taken = takenLeft(record);
    if (taken?.amount === 0) return { outcome: 'closed' };
    if (taken) return { outcome: 'refunded', refundId: newId('ref'), ...taken };
    const authorization = held(record);
    return authorization ? { outcome: 'voided', ...authorization } : { outcome: 'closed' };
  },
});

const capture = payments('capture', {
  name: 'capture',
  reference: 'captureId',
  // Not final: once the switch is off, the same key captures the money.
  refusal: { outcome: 'rejected', reason: 'authorization-expired' },
  decide: (body, record): Answer => {
    const authorization = held(record);
    if (record.settled('void')) return { outcome: 'rejected', reason: 'voided' };
    if (!authorization) return { outcome: 'rejected', reason: 'nothing-authorized' };
    if (authorization.amount !== body.amount || authorization.currency !== body.currency) {
      return { outcome: 'rejected', reason: 'amount-differs' };
    }
    return { outcome: 'captured', captureId: newId('cap'), ...authorization };
  },
});

const refund = payments('refund', {
  name: 'refund',
  reference: 'refundId',
  refusal: { outcome: 'rejected', reason: 'fault-switch' },
  decide: ({ amount, currency }, record): Answer => {
    const taken = takenLeft(record);
    if (!taken) return { outcome: 'rejected', reason: 'nothing-captured' };
    if (record.settled('void')) return { outcome: 'rejected', reason: 'voided' };
    if (taken.currency !== currency) return { outcome: 'rejected', reason: 'currency-differs' };
    if (amount > taken.amount) return { outcome: 'rejected', reason: 'more-than-captured' };
    return { outcome: 'refunded', refundId: newId('ref'), amount, currency };
  },
});

/** The payment processor: money is authorized under a key, then voided or captured; what was captured can be given back, by a void too. */
export const PAYMENTS: readonly AnyOperation[] = [AUTHORIZE, voiding, capture, refund];
