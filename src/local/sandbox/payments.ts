import { Type } from '@sinclair/typebox';
import type { Answer } from './entry';
import type { KeyRecord } from './key-record';
import { answerSchema, newId, Nothing, operation } from './operation';
import type { Operation, Quirk } from './operation';

/** `slow`, `flaky` and `lost-answer` concern the connection, not the card: in the end these are authorized. */
const TOKENS = new Map<string, { quirk?: Quirk; declined?: string }>([
  ['tok_visa', {}],
  ['tok_slow', { quirk: 'slow' }],
  ['tok_flaky', { quirk: 'flaky' }],
  ['tok_lost_answer', { quirk: 'lost-answer' }],
  ['tok_declined', { declined: 'card-declined' }],
  ['tok_insufficient_funds', { declined: 'insufficient-funds' }],
]);

const amount = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const currency = Type.String({ pattern: '^[A-Z]{3}$' });
const facts = { authorizationId: Type.String(), captureId: Type.String(), amount, currency };

const authorize = operation({
  name: 'authorize',
  path: '/authorizations',
  body: Type.Object(
    { amount, currency, token: Type.String({ minLength: 1, maxLength: 1_000 }) },
    { additionalProperties: false },
  ),
  answer: answerSchema(['authorized', 'declined', 'blocked'], facts),
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

type Held = Readonly<Record<'authorizationId' | 'amount' | 'currency', string | number>>;

/** The money held under the key, as facts of an answer. */
function held(record: KeyRecord): Held | undefined {
  const entry = record.settled('authorize');
  if (entry?.outcome !== 'authorized') return undefined;
  const { authorizationId, amount: minor, currency: unit } = entry;
  if (authorizationId === undefined || minor === undefined || unit === undefined) {
    throw new Error(`Journal line ${entry.seq} authorizes nothing`);
  }
  return { authorizationId, amount: minor, currency: unit };
}

const voiding = operation({
  name: 'void',
  path: '/voids',
  body: Nothing,
  answer: answerSchema(['voided', 'closed', 'rejected'], facts),
  decide: (_body, record): Answer => {
    // Captured money can only be refunded, which is another operation.
    if (record.settled('capture')) return { outcome: 'rejected', reason: 'already-captured' };
    const authorization = held(record);
    return authorization ? { outcome: 'voided', ...authorization } : { outcome: 'closed' };
  },
});

const capture = operation({
  name: 'capture',
  path: '/captures',
  body: Type.Object({ amount, currency }, { additionalProperties: false }),
  answer: answerSchema(['captured', 'rejected'], facts),
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

/** The payment processor: money is authorized under a key, then voided or captured, never both. */
export const PAYMENTS: readonly Operation[] = [authorize, voiding, capture];
