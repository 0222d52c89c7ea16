import { expect, test } from '@jest/globals';
import { STEPS } from '../../../src/domain/steps';
import type { Step } from '../../../src/domain/steps';
import { checkEffects } from '../../../src/tools/verify/effects/check-effects';
import type { Order } from '../../../src/tools/verify/effects/judge-effects';
import type { Traces } from '../../../src/tools/verify/effects/trace';
import type { JournalLine } from '../../../src/tools/verify/money/journal-line';
import { aLine, foundIn, NOON } from './journal-lines';

/** When each step is done and undone in these tests, in milliseconds after noon. */
const SCHEDULE = [
  { step: 'order-created', doneAt: 1, undoneAt: 17 },
  { step: 'payment-authorized', doneAt: 2, undoneAt: 16 },
  { step: 'stock-reserved', doneAt: 3, undoneAt: 15 },
  { step: 'fulfillment-triggered', doneAt: 4, undoneAt: 14 },
  { step: 'notification-sent', doneAt: 5, undoneAt: 13 },
  { step: 'loyalty-awarded', doneAt: 6, undoneAt: 12 },
  { step: 'label-generated', doneAt: 7, undoneAt: 11 },
] as const;
const BEFORE_ALL = 0;
const AFTER_ALL = 18;

/** What the journal of a step's provider says when the step is done and when it is undone. */
const JOURNAL_WORDS = {
  'payment-authorized': { done: 'authorize authorized', undone: 'void voided' },
  'fulfillment-triggered': { done: 'fulfill triggered', undone: 'cancel cancelled' },
  'notification-sent': { done: 'send sent', undone: 'cancel sent' },
  'label-generated': { done: 'label generated', undone: 'void voided' },
} as const;

type ProviderStep = keyof typeof JOURNAL_WORDS;
const PROVIDER_STEPS = Object.keys(JOURNAL_WORDS) as ProviderStep[];
const POSTGRES_STEPS = ['order-created', 'stock-reserved', 'loyalty-awarded'] as const;

const scheduled = (step: Step) => SCHEDULE.find((row) => row.step === step)!;
const doneLine = (step: ProviderStep, at: number = scheduled(step).doneAt) =>
  aLine(JOURNAL_WORDS[step].done, `chk_1:${step}`, at);
const undoneLine = (step: ProviderStep, at: number = scheduled(step).undoneAt) =>
  aLine(JOURNAL_WORDS[step].undone, `chk_1:${step}`, at);

/** An order, and the journal of each of the four providers. */
interface Evidence {
  readonly order: Order;
  readonly journals: Readonly<Record<ProviderStep, readonly JournalLine[]>>;
}

const COMPLETED: Evidence = {
  order: {
    checkoutId: 'chk_1',
    state: 'completed',
    endedAt: new Date(NOON - 1),
    own: tracesFor(POSTGRES_STEPS, () => ({ done: 1, undone: 0 })),
    ledger: tracesFor(STEPS, (step) => ({ done: 1, undone: 0, doneAt: scheduled(step).doneAt })),
    byHand: [],
    parked: [],
  },
  journals: {
    'payment-authorized': [doneLine('payment-authorized')],
    'fulfillment-triggered': [doneLine('fulfillment-triggered')],
    'notification-sent': [doneLine('notification-sent')],
    'label-generated': [doneLine('label-generated')],
  },
};

const CANCELLED: Evidence = {
  order: {
    ...COMPLETED.order,
    state: 'cancelled',
    own: tracesFor(POSTGRES_STEPS, () => ({ done: 1, undone: 1 })),
    ledger: tracesFor(STEPS, (step) => {
      const { doneAt, undoneAt } = scheduled(step);
      return { done: 1, undone: 1, doneAt, undoneAt };
    }),
  },
  journals: {
    'payment-authorized': [doneLine('payment-authorized'), undoneLine('payment-authorized')],
    'fulfillment-triggered': [doneLine('fulfillment-triggered'), undoneLine('fulfillment-triggered')],
    'notification-sent': [doneLine('notification-sent'), undoneLine('notification-sent')],
    'label-generated': [doneLine('label-generated'), undoneLine('label-generated')],
  },
};

function tracesFor(steps: readonly Step[], traceOf: (step: Step) => Traces[Step]): Traces {
  return Object.fromEntries(steps.map((step) => [step, traceOf(step)]));
}

const withOrder = ({ order, journals }: Evidence, changes: Partial<Order>): Evidence => ({
  order: { ...order, ...changes },
  journals,
});
const withOwnTrace = (evidence: Evidence, step: Step, trace: Traces[Step]): Evidence =>
  withOrder(evidence, { own: { ...evidence.order.own, [step]: trace } });
const withLedgerRow = (evidence: Evidence, step: Step, row: Traces[Step]): Evidence =>
  withOrder(evidence, { ledger: { ...evidence.order.ledger, [step]: row } });
const withJournal = ({ order, journals }: Evidence, step: ProviderStep, lines: readonly JournalLine[]): Evidence => ({
  order,
  journals: { ...journals, [step]: lines },
});

const check = ({ order, journals }: Evidence, otherLines: readonly JournalLine[] = []) =>
  checkEffects({ journals: [...Object.values(journals), otherLines], orders: [order], endedBefore: NOON });
const violationsIn = async (evidence: Evidence, otherLines?: readonly JournalLine[]) =>
  foundIn(await check(evidence, otherLines));

test('accepts a completed order with seven effects in order', async () => {
  expect(await check(COMPLETED)).toMatchObject({ checked: 1, violations: 0, pending: 0 });
});

test('accepts a cancelled order whose effects are all undone, newest first', async () => {
  expect(await check(CANCELLED)).toMatchObject({ checked: 1, violations: 0 });
});

test.each([
  { when: 'is still running', state: 'running', endedAt: null },
  { when: 'ended after the check began', state: 'completed', endedAt: new Date(NOON) },
] as const)('counts an order that $when as pending', async ({ state, endedAt }) => {
  const { order } = withOrder(COMPLETED, { state, endedAt });

  const verdict = await checkEffects({ journals: [], orders: [order], endedBefore: NOON });

  expect(verdict).toMatchObject({ violations: 0, pending: 1 });
});

test.each(PROVIDER_STEPS)('finds a completed order without %s at its provider', async (step) => {
  expect(await violationsIn(withJournal(COMPLETED, step, []))).toEqual(['effect-missing chk_1']);
});

test.each(POSTGRES_STEPS)('finds a completed order without %s in Postgres', async (step) => {
  expect(await violationsIn(withOwnTrace(COMPLETED, step, { done: 0, undone: 0 }))).toEqual(['effect-missing chk_1']);
});

test('finds a completed order with an effect that was undone', async () => {
  const voided = withJournal(COMPLETED, 'payment-authorized', [
    doneLine('payment-authorized'),
    undoneLine('payment-authorized'),
  ]);

  expect(await violationsIn(voided)).toEqual(['effect-missing chk_1']);
});

test('finds an effect that happened twice', async () => {
  const sentTwice = withJournal(COMPLETED, 'notification-sent', [
    doneLine('notification-sent'),
    doneLine('notification-sent'),
  ]);

  expect(await violationsIn(sentTwice)).toEqual(['more-than-once chk_1']);
});

test('finds an undo that happened twice', async () => {
  const undoneTwice = withJournal(CANCELLED, 'notification-sent', [
    doneLine('notification-sent'),
    undoneLine('notification-sent'),
    undoneLine('notification-sent'),
  ]);

  expect(await violationsIn(undoneTwice)).toEqual(['more-than-once chk_1']);
});

test.each(PROVIDER_STEPS)('finds a cancelled order whose %s was not undone', async (step) => {
  expect(await violationsIn(withJournal(CANCELLED, step, [doneLine(step)]))).toEqual(['effect-left chk_1']);
});

test('finds a stock reservation of which only half was put back', async () => {
  const halfReleased = withOwnTrace(CANCELLED, 'stock-reserved', { done: 1, undone: 0.5 });

  expect(await violationsIn(halfReleased)).toEqual(['effect-left chk_1']);
});

test('finds in the journals a step that was done too early', async () => {
  const early = withJournal(COMPLETED, 'label-generated', [doneLine('label-generated', BEFORE_ALL)]);

  expect(await violationsIn(early)).toEqual(['out-of-order chk_1']);
});

test('finds in the ledger a step that was done too early', async () => {
  const early = withLedgerRow(COMPLETED, 'stock-reserved', { done: 1, undone: 0, doneAt: BEFORE_ALL });

  expect(await violationsIn(early)).toEqual(['out-of-order chk_1']);
});

test('finds undos that did not run newest first, and allows it where the newer undo was parked', async () => {
  const undoneLast = withLedgerRow(CANCELLED, 'stock-reserved', { done: 1, undone: 1, undoneAt: AFTER_ALL });

  expect(await violationsIn(undoneLast)).toEqual(['undone-out-of-order chk_1']);
  expect(await violationsIn(withOrder(undoneLast, { parked: ['stock-reserved'] }))).toEqual([]);
});

test('allows a completed order without a step that an operator skipped', async () => {
  const notAwarded = withOwnTrace(COMPLETED, 'loyalty-awarded', { done: 0, undone: 0 });
  const skipped = withLedgerRow(notAwarded, 'loyalty-awarded', { done: 0, undone: 1, undoneAt: 6 });

  expect(await violationsIn(withOrder(skipped, { byHand: ['loyalty-awarded'] }))).toEqual([]);
});

test('allows a cancelled order with an effect that an operator undid by hand', async () => {
  const notVoided = withJournal(CANCELLED, 'payment-authorized', [doneLine('payment-authorized')]);

  expect(await violationsIn(withOrder(notVoided, { byHand: ['payment-authorized'] }))).toEqual([]);
});

const acceptedLine = aLine(
  'fulfill accepted',
  'chk_1:fulfillment-triggered',
  scheduled('fulfillment-triggered').doneAt,
);
const refusedLater = withJournal(COMPLETED, 'fulfillment-triggered', [
  acceptedLine,
  aLine('fulfill refused', 'chk_1:fulfillment-triggered', AFTER_ALL),
]);

test('takes a fulfillment that was only accepted as done, until the warehouse refuses', async () => {
  expect(await violationsIn(withJournal(COMPLETED, 'fulfillment-triggered', [acceptedLine]))).toEqual([]);
  expect(await violationsIn(refusedLater)).toEqual(['effect-missing chk_1']);
  expect(await violationsIn(withOrder(refusedLater, { byHand: ['fulfillment-triggered'] }))).toEqual([]);
});

test('finds nothing left of a cancelled order whose warehouse refused before it was asked to cancel', async () => {
  const refused = withJournal(CANCELLED, 'fulfillment-triggered', [
    ...refusedLater.journals['fulfillment-triggered'],
    aLine('cancel closed', 'chk_1:fulfillment-triggered', AFTER_ALL),
  ]);

  expect(await violationsIn(refused)).toEqual([]);
});

test('finds an effect of a checkout that Postgres does not have, unless it was undone', async () => {
  const authorized = aLine('authorize authorized', 'chk_9:payment-authorized');
  const voided = aLine('void voided', 'chk_9:payment-authorized');

  expect(await violationsIn(COMPLETED, [authorized])).toEqual(['effect-without-checkout chk_9']);
  expect(await violationsIn(COMPLETED, [authorized, voided])).toEqual([]);
});
