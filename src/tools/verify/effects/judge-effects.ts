import type { CheckoutState } from '../../../domain/checkout-states';
import { STEPS } from '../../../domain/steps';
import type { Step } from '../../../domain/steps';
import type { Choices, Role } from '../../../ports/providers';
import type { Tally } from '../verdict';
import type { Trace, Traces } from './trace';

/** A checkout as Postgres has it. */
export interface Order {
  readonly checkoutId: string;
  readonly state: CheckoutState;
  readonly endedAt: Date | null;
  /** Null for older orders. */
  readonly providers: Choices | null;
  /** What the steps without a provider left in Postgres. */
  readonly own: Traces;
  /** When each step was done and undone, according to the ledger. */
  readonly ledger: Traces;
  /** Steps that operators skipped or undid by hand, or were called for because the warehouse refused after all: no journal shows what they did. */
  readonly byHand: readonly Step[];
  /** Steps whose undo was parked: older undos did not wait for these. */
  readonly parked: readonly Step[];
}

/** Who acts in a step. An award at whatever provider leaves its row in Postgres. */
const ROLE_OF: Partial<Record<Step, Role>> = {
  'payment-authorized': 'payments',
  'stock-reserved': 'inventory',
  'fulfillment-triggered': 'warehouse',
  'notification-sent': 'mail',
  'label-generated': 'carrier',
};

export const ROLES = Object.values(ROLE_OF);

const NOTHING: Trace = { done: 0, undone: 0 };

/** Compares the effects that remain of an ended order with the way it ended. `unseen`: the roles whose effects leave no trace here. */
export function judgeEffects(order: Order, atProviders: Traces, unseen: readonly Role[], tally: Tally): void {
  const { checkoutId, state, ledger, byHand, parked } = order;
  const found = (kind: string, sentence: string) => tally.violation(kind, checkoutId, `It is ${state}: ${sentence}`);
  const traces: Traces = { ...atProviders, ...order.own };
  const isSeen = (step: Step) => !unseen.some((role) => role === ROLE_OF[step]);
  for (const step of STEPS.filter((each) => isSeen(each) && !byHand.includes(each))) {
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
