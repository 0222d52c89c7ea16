import { STEP_TABLE } from '../support/recording-activities';

/** What may go wrong with a step. */
export const FAULTS = [
  'fails before acting',
  'acts and then times out',
  'refuses',
  'worker dies before the answer',
  'is slower than its timeout',
  'completes twice',
] as const;
export type Fault = (typeof FAULTS)[number];

/** What may go wrong with its undo, if the order comes to that. */
export const UNDO_FAULTS = ['works', 'fails once', 'fails for good'] as const;
export type UndoFault = (typeof UNDO_FAULTS)[number];

/** `during` a step: it has acted, and its answer is on its way. `after` a step: the next one has been called and has not acted. */
type CancelTime = 'before' | 'during' | 'after';

interface AffectedStep {
  /** Index in `STEP_TABLE`. */
  readonly at: number;
  /** Its activity, for the test's title. */
  readonly act: string;
}

export interface FaultCase extends AffectedStep {
  readonly fault: Fault;
  readonly undoFault: UndoFault;
}

export interface CancelCase extends AffectedStep {
  readonly when: CancelTime;
}

const affectedSteps: AffectedStep[] = STEP_TABLE.map(({ act }, at) => ({ at, act }));

/** Each fault at each step, with each fault of its undo. */
export const FAULT_CASES: FaultCase[] = affectedSteps.flatMap((step) =>
  FAULTS.flatMap((fault) => UNDO_FAULTS.map((undoFault) => ({ ...step, fault, undoFault }))),
);

/** A cancel before the first step, and one during and one after each step. */
export const CANCEL_CASES: CancelCase[] = affectedSteps.flatMap((step) => {
  const times: CancelTime[] = step.at === 0 ? ['before', 'during', 'after'] : ['during', 'after'];
  return times.map((when) => ({ ...step, when }));
});
