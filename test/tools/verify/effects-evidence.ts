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
export const BEFORE_ALL = 0;
export const AFTER_ALL = 18;

/** What the journal of a step's provider says when the step is done and when it is undone. */
const JOURNAL_WORDS = {
  'payment-authorized': { done: 'authorize authorized', undone: 'void voided' },
  'fulfillment-triggered': { done: 'fulfill triggered', undone: 'cancel cancelled' },
  'notification-sent': { done: 'send sent', undone: 'cancel sent' },
  'label-generated': { done: 'label generated', undone: 'void voided' },
} as const;

type ProviderStep = keyof typeof JOURNAL_WORDS;
export const PROVIDER_STEPS = Object.keys(JOURNAL_WORDS) as ProviderStep[];
export const POSTGRES_STEPS = ['order-created', 'stock-reserved', 'loyalty-awarded'] as const;

export const scheduled = (step: Step) => SCHEDULE.find((row) => row.step === step)!;
export const doneLine = (step: ProviderStep, at: number = scheduled(step).doneAt) =>
  aLine(JOURNAL_WORDS[step].done, `chk_1:${step}`, at);
export const undoneLine = (step: ProviderStep, at: number = scheduled(step).undoneAt) =>
  aLine(JOURNAL_WORDS[step].undone, `chk_1:${step}`, at);

/** An order, and the journal of each of the four providers. */
interface Evidence {
  readonly order: Order;
  readonly journals: Readonly<Record<ProviderStep, readonly JournalLine[]>>;
}

export const COMPLETED: Evidence = {
  order: {
    checkoutId: 'chk_1',
    state: 'completed',
    endedAt: new Date(NOON - 1),
    providers: null,
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

export const CANCELLED: Evidence = {
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

export const withOrder = ({ order, journals }: Evidence, changes: Partial<Order>): Evidence => ({
  order: { ...order, ...changes },
  journals,
});
export const withOwnTrace = (evidence: Evidence, step: Step, trace: Traces[Step]): Evidence =>
  withOrder(evidence, { own: { ...evidence.order.own, [step]: trace } });
export const withLedgerRow = (evidence: Evidence, step: Step, row: Traces[Step]): Evidence =>
  withOrder(evidence, { ledger: { ...evidence.order.ledger, [step]: row } });
export const withJournal = (
  { order, journals }: Evidence,
  step: ProviderStep,
  lines: readonly JournalLine[],
): Evidence => ({
  order,
  journals: { ...journals, [step]: lines },
});

export const check = ({ order, journals }: Evidence, otherLines: readonly JournalLine[] = []) =>
  checkEffects({
    journals: [...Object.values(journals), otherLines],
    atSandbox: new Set(['warehouse http']),
    orders: [order],
    endedBefore: NOON,
  });
export const violationsIn = async (evidence: Evidence, otherLines?: readonly JournalLine[]) =>
  foundIn(await check(evidence, otherLines));
