import type { CheckoutState } from '../../../domain/checkout-states';
import { STEPS } from '../../../domain/steps';
import type { Step } from '../../../domain/steps';
import type { Tally } from '../verdict';
import type { Trace, Traces } from './trace';

/** A checkout as Postgres has it. */
export interface Order {
  readonly checkoutId: string;
  readonly state: CheckoutState;
  readonly endedAt: Date | null;
  /** What the steps without a provider left in Postgres. */
  readonly own: Traces;
  /** When each step was done and undone, according to the ledger. */
  readonly ledger: Traces;
  /** Steps that operators skipped or undid by hand, or were called for because the warehouse refused after all: no journal shows what they did. */
  readonly byHand: readonly Step[];
  /** Steps whose undo was parked: older undos did not wait for these. */
  readonly parked: readonly Step[];
}

const NOTHING: Trace = { done: 0, undone: 0 };

/** Compares the effects that remain of an ended order with the way it ended. */
export function judgeEffects(order: Order, atProviders: Traces, tally: Tally): void {
  const { checkoutId, state, ledger, byHand, parked } = order;
  const found = (kind: string, sentence: string) => tally.violation(kind, checkoutId, `It is ${state}: ${sentence}`);
  const traces: Traces = { ...atProviders, ...order.own };
  for (const step of STEPS.filter((each) => !byHand.includes(each))) {
    const { done, undone } = traces[step] ?? NOTHING;
    const counts = `${step} was done ${times(done)} and undone ${times(undone)}`;
    if (done > 1 || undone > 1) found('more-than-once', counts);
    else if (state === 'completed' && (done === 0 || undone > 0)) found('effect-missing', counts);
    else if (state !== 'completed' && done !== undone) found('effect-left', counts);
  }
  // Steps that operators decided about, and parked undos, ran out of order.
  const inTurn = STEPS.filter((step) => !parked.includes(step) && !byHand.includes(step));
  for (const each of [ledger, atProviders]) {
    if (!isRising(STEPS.map((step) => each[step]?.doneAt))) found('out-of-order', 'its steps were not done in order');
    if (isRising(inTurn.map((step) => each[step]?.undoneAt).reverse())) continue;
    found('undone-out-of-order', 'its steps were not undone newest first');
  }
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

function isRising(moments: readonly (number | undefined)[]): boolean {
  const known = moments.filter((moment) => moment !== undefined);
  return known.every((moment, at) => moment >= (known[at - 1] ?? -Infinity));
}
