import type { AttentionKind } from '../domain/attention-kind';
import type { Refusal } from '../domain/refusals';
import type { Step } from '../domain/steps';
import type { OrderKey } from './checkout';

/** Update by which an operator settles what needs attention. Recorded in histories: add, never rename. */
export const REPAIR = 'repair';

/**
 * `retry`: try now. `skip`: go on without (steps 5 and 6). `resolve`: an undo was done by hand. `cancel`: give the order up, behind the
 * pivot.
 */
export const REPAIR_ACTIONS = ['retry', 'skip', 'resolve', 'cancel'] as const;
export type RepairAction = (typeof REPAIR_ACTIONS)[number];

export interface Repair {
  /** The same id is the same act, however often it is asked for. */
  readonly id: string;
  readonly step: Step;
  readonly action: RepairAction;
  readonly reason: string;
  /** The key id of the operator. */
  readonly operator: string;
  /** How many decisions about the step had been made when this one was asked for. Earlier versions did not tell. */
  readonly seen?: number;
}

/** A decision that was made before another one was asked for, or while it was. */
export interface EarlierDecision extends Pick<Repair, 'operator' | 'action'> {
  /** ISO 8601. */
  readonly at: string;
}

/** Failure types of a repair that cannot be done. The details of the last are an `EarlierDecision`. */
export const NOTHING_TO_REPAIR = 'NothingToRepair';
export const TOO_LATE_TO_CANCEL = 'TooLateToCancel';
export const ALREADY_DECIDED = 'AlreadyDecided';

export const decidedBefore = (step: Step, { operator, action, at }: EarlierDecision): string =>
  `${operator} decided ${action} for ${step} first, at ${at}.`;

/** Nobody is asked, because the checkout has ended, or because the undo has worked. Earlier versions did not tell. */
export type Raised = 'ended' | 'undone' | undefined | void;

/** What keeps the operators informed, and what they did. Called only when something needs attention. */
export interface AttentionActivities {
  /** `unwinding` is why the order is undone, for an undo that is parked before any other undo could say so. */
  readonly raiseAttention: (
    order: OrderKey & {
      step: Step;
      kind: AttentionKind;
      why: string;
      unwinding?: { because: Refusal; sentence: string };
    },
  ) => Promise<Raised>;
  /** Audits the act and does its part in Postgres. */
  readonly recordRepair: (order: OrderKey & Repair & { kind: AttentionKind }) => Promise<void>;
}
