import { STEP_TABLE } from '../support/recording-activities';
import type { Lane } from '../support/saga-harness';
import type { CancelCase, Fault, FaultCase } from './matrix-cases';

type Ledger = 'nothing' | 'done' | 'undone' | 'tombstone';

/** What can be seen of an order at its end. */
export interface Outcome {
  /** Activities in the order they were called. Calls in a row are counted: `×2`, or `×many` for those that used up a budget. */
  readonly calls: string[];
  readonly events: string[];
  readonly ledger: Ledger[];
  state: string;
  refusal: string | undefined;
  /** The states of the seven steps as clients see them. */
  steps: string[];
  /** What an operator sees while an undo is parked, before it is resolved. */
  parked?: { state: string; steps: string[] };
}

const EVENTS = [
  { done: 'order.created', undone: 'order.cancelled' },
  { done: 'payment.authorized', undone: 'payment.voided' },
  { done: 'stock.reserved', undone: 'stock.released' },
  { done: 'fulfillment.triggered', undone: 'fulfillment.cancelled' },
  { done: 'notification.sent', undone: 'notification.cancelled' },
  { done: 'loyalty.awarded', undone: 'loyalty.revoked' },
  { done: 'label.generated', undone: 'label.voided' },
] as const;
const eventsOf = (step: number) => EVENTS[step] ?? EVENTS[0];
const undoOf = (step: number) => (STEP_TABLE[step] ?? STEP_TABLE[0]).undo;
const PIVOT = 3;
export const LABEL = 6;

/** A fault that lasts until operators have been called. */
const lasts = (fault: Fault) => fault === 'fails before acting' || fault === 'acts and then times out';

/** Up to the pivot, a step with a lasting fault is given up. */
const givesUp = ({ at, fault }: FaultCase) => lasts(fault) && at <= PIVOT;

/** A refusal ends the order. So does giving up a step; in the fast lane only if the step has not happened. */
const endsTheOrder = (lane: Lane, faultCase: FaultCase) =>
  faultCase.fault === 'refuses' ||
  (givesUp(faultCase) && (lane === 'regular' || faultCase.fault === 'fails before acting'));

/** Where the fault does not end the order, the carrier refuses the label, so that the step's undo is tested after every fault. */
export const isRefusedAtLabel = (lane: Lane, faultCase: FaultCase): boolean =>
  !endsTheOrder(lane, faultCase) && faultCase.undoFault !== 'works' && faultCase.at < LABEL;

const ATTEMPTS: Record<Fault, string> = {
  'fails before acting': ' ×many',
  'acts and then times out': ' ×many',
  refuses: '',
  'worker dies before the answer': ' ×2',
  'is slower than its timeout': ' ×2',
  'completes twice': '',
};

const completedOutcome = (): Outcome => ({
  calls: [],
  events: [],
  ledger: STEP_TABLE.map(() => 'nothing'),
  state: 'completed',
  refusal: undefined,
  steps: STEP_TABLE.map(() => 'done'),
});

/** The rules of the saga (ARCHITECTURE.md) in short, written without looking at the code. */
export function expectedAfterFault(lane: Lane, faultCase: FaultCase): Outcome {
  const outcome = completedOutcome();
  const lastStep = endsTheOrder(lane, faultCase) ? faultCase.at : LABEL;
  for (let step = 0; step <= lastStep; step += 1) {
    if (step === faultCase.at) runFaultyStep(outcome, lane, faultCase);
    else runStep(outcome, step, step === LABEL && isRefusedAtLabel(lane, faultCase));
  }
  if (endsTheOrder(lane, faultCase))
    unwind(outcome, lastStep, faultCase.fault === 'refuses' ? 'out-of-stock' : 'step-unavailable', faultCase);
  if (isRefusedAtLabel(lane, faultCase)) unwind(outcome, lastStep, 'undeliverable-address', faultCase);
  return outcome;
}

/** The events of a step that acts. The label's also completes the checkout. */
const doneEvents = (step: number): string[] => [eventsOf(step).done, ...(step === LABEL ? ['checkout.completed'] : [])];

function runStep(outcome: Outcome, step: number, refused: boolean): void {
  outcome.calls.push((STEP_TABLE[step] ?? STEP_TABLE[0]).act);
  if (refused) return;
  outcome.ledger[step] = 'done';
  outcome.events.push(...doneEvents(step));
}

function runFaultyStep(outcome: Outcome, lane: Lane, faultCase: FaultCase): void {
  const { at, act, fault } = faultCase;
  const callsOperators = lasts(fault) && at > PIVOT;
  outcome.calls.push(
    act + ATTEMPTS[fault],
    ...(lane === 'fast' && givesUp(faultCase) ? ['giveUpStep'] : []),
    ...(callsOperators ? ['raiseAttention', act] : []),
  );
  const acts = fault !== 'refuses' && (fault !== 'fails before acting' || callsOperators);
  if (acts) outcome.ledger[at] = 'done';
  const done = acts ? doneEvents(at) : [];
  // An order that has its label has ended and needs no operator, even if its workflow has not been told.
  const hasEnded = at === LABEL && fault === 'acts and then times out';
  const attention = callsOperators && !hasEnded ? ['attention.raised', 'attention.cleared'] : [];
  outcome.events.push(...(fault === 'acts and then times out' ? [...done, ...attention] : [...attention, ...done]));
}

/** What clients see of an undone order: a step that never happened and one that never will look the same. */
const shownUndone = (ledger: readonly Ledger[]) => ledger.map((row) => (row === 'undone' ? 'undone' : 'skipped'));

/**
 * Undoes the steps from `from` down to the first; a step that was only attempted is undone like one that happened. In a fault case the undo
 * of the affected step meets its fault, and if that is for good, an operator resolves it at the end.
 */
function unwind(outcome: Outcome, from: number, refusal: string, faultCase?: FaultCase): void {
  const parked = faultCase?.undoFault === 'fails for good' ? faultCase.at : undefined;
  for (let step = from; step >= 0; step -= 1) {
    const undo = undoOf(step);
    const undoFault = step === faultCase?.at ? faultCase.undoFault : 'works';
    const calls = {
      works: [undo],
      'fails once': [`${undo} ×2`],
      'fails for good': [`${undo} ×many`, 'raiseAttention'],
    };
    outcome.calls.push(...calls[undoFault]);
    if (step === parked) outcome.events.push('attention.raised');
    else undoStep(outcome, step);
  }
  if (parked !== undefined) {
    const steps: string[] = shownUndone(outcome.ledger);
    steps[parked] = 'undo-failed';
    outcome.parked = { state: 'needs-attention', steps };
    outcome.calls.push('recordRepair', undoOf(parked));
    undoStep(outcome, parked);
    outcome.events.push('attention.cleared');
  }
  outcome.state = refusal === 'cancelled' ? 'cancelled' : 'refused';
  outcome.refusal = refusal;
  outcome.steps = shownUndone(outcome.ledger);
  outcome.events.push(`checkout.${outcome.state}`);
}

function undoStep(outcome: Outcome, step: number): void {
  if (outcome.ledger[step] === 'done') outcome.events.push(eventsOf(step).undone);
  outcome.ledger[step] = outcome.ledger[step] === 'done' ? 'undone' : 'tombstone';
}

/** A cancel is possible until the label is under way. */
export function expectedAfterCancel(lane: Lane, { at, when }: CancelCase): Outcome {
  const outcome = completedOutcome();
  const isTooLate = at === LABEL;
  const acted = when === 'before' ? 0 : at + 1;
  const called = isTooLate || when === 'during' ? acted : acted + 1;
  outcome.calls.push(...STEP_TABLE.slice(0, called).map(({ act }) => act));
  outcome.events.push(...EVENTS.slice(0, acted).map(({ done }) => done), ...(isTooLate ? ['checkout.completed'] : []));
  outcome.ledger.fill('done', 0, acted);
  if (lane === 'fast') return finishInFastLane(outcome, { at, when, called });
  if (!isTooLate) unwind(outcome, called - 1, 'cancelled');
  return outcome;
}

/** The fast lane first asks whether the step under way has happened. If so it goes on, and the next step refuses. */
function finishInFastLane(
  outcome: Outcome,
  { at, when, called }: Pick<CancelCase, 'at' | 'when'> & { called: number },
): Outcome {
  const workflowIsTold = when === 'during';
  // Temporal refuses to end a workflow that a cancel has just reached, and what is not in the history yet is called again.
  if (workflowIsTold || at < LABEL) outcome.calls.push('giveUpStep');
  if (workflowIsTold && called >= LABEL) outcome.calls.push('generateLabel');
  if (at === LABEL) return outcome;
  if (workflowIsTold && called === LABEL) outcome.calls.push('giveUpStep');
  unwind(outcome, workflowIsTold ? called : called - 1, 'cancelled');
  return outcome;
}
