import type { Answer, Entry } from './entry';
import type { KeyRecord } from './key-record';
import { newId, operationsOf } from './operation';
import type { AnyOperation, Quirk } from './operation';

/** `slow`, `flaky` and `lost-answer` concern the connection, not the card: in the end these are authorized. */
const TOKENS = new Map<string, { quirk?: Quirk; declined?: string }>([
  ['tok_visa', {}],
  ['tok_slow', { quirk: 'slow' }],
  ['tok_flaky', { quirk: 'flaky' }],
  ['tok_lost_answer', { quirk: 'lost-answer' }],
  ['tok_declined', { declined: 'card-declined' }],
  ['tok_insufficient_funds', { declined: 'insufficient-funds' }],
]);

const payments = operationsOf('payments');

const authorize = payments('authorize', {
  name: 'authorize',
  reference: 'authorizationId',
  closedBy: 'void',
  refusal: { outcome: 'declined', reason: 'fault-switch' },
  quirk: ({ token }) => TOKENS.get(token)?.quirk,
  decide: (body): Answer => {
    const card = TOKENS.get(body.token) ?? { declined: 'unknown-token' };
    const money = { amount: body.amount, currency: body.currency };
    if (card.declined !== undefined) return { outcome: 'declined', reason: card.declined, ...money };
    return { outcome: 'authorized', authorizationId: newId('auth'), ...money };
  },
});

interface Money {
  readonly amount: number;
  readonly currency: string;
}

const moneyIn = ({ seq, amount, currency }: Entry): Money => {
  if (amount === undefined || currency === undefined) throw new Error(`Journal line ${seq} has no amount`);
  return { amount, currency };
};

/** The money held under the key, as facts of an answer. */
function held(record: KeyRecord): (Money & { readonly authorizationId: string }) | undefined {
  const entry = record.settled('authorize');
  if (entry?.outcome !== 'authorized') return undefined;
  const { authorizationId } = entry;
  if (typeof authorizationId !== 'string') throw new Error(`Journal line ${entry.seq} authorizes nothing`);
  return { authorizationId, ...moneyIn(entry) };
}

const voiding = payments('void', {
  name: 'void',
  decide: (_body, record): Answer => {
    // Captured money can only be refunded, which is another operation.
    if (record.settled('capture')) return { outcome: 'rejected', reason: 'already-captured' };
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
    const captured = record.settled('capture');
    if (!captured) return { outcome: 'rejected', reason: 'nothing-captured' };
    const whole = moneyIn(captured);
    const given = record.settledOfEach('refund').reduce((sum, entry) => sum + moneyIn(entry).amount, 0);
    if (whole.currency !== currency) return { outcome: 'rejected', reason: 'currency-differs' };
    if (given + amount > whole.amount) return { outcome: 'rejected', reason: 'more-than-captured' };
    return { outcome: 'refunded', refundId: newId('ref'), amount, currency };
  },
});

/** The payment processor: money is authorized under a key, then voided or captured, never both; what was captured can be given back. */
export const PAYMENTS: readonly AnyOperation[] = [authorize, voiding, capture, refund];
