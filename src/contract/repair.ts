import type { AttentionKind } from '../domain/attention-kind';
import type { Refusal } from '../domain/refusals';
import type { Step } from '../domain/steps';
import type { OrderKey } from './checkout';

/** Update with which an operator settles what needs attention. Recorded in histories: add, never rename. */
export const REPAIR = 'repair';

/** `retry`: now. `skip` the step (5 and 6 only). `resolve`: the undo was done by hand. `cancel`: give the order up, after the pivot. */
export const REPAIR_ACTIONS = ['retry', 'skip', 'resolve', 'cancel'] as const;
export type RepairAction = (typeof REPAIR_ACTIONS)[number];

export interface Repair {
  /** Requests with the same id are the same act, which is done once. */
  readonly id: string;
  readonly step: Step;
  readonly action: RepairAction;
  readonly reason: string;
  /** The key id of the operator. */
  readonly operator: string;
  /** How many decisions about the step there were when this one was requested. Earlier versions do not send it. */
  readonly seen?: number;
}

/** A decision about the same step that came first. */
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

/** Why no operator was called after all: the checkout has `ended`, or the step is `undone`. Earlier versions did not return it. */
export type Raised = 'ended' | 'undone' | undefined | void;

/** Calls operators, and records what they did. */
export interface AttentionActivities {
  /** `unwinding` is why the order is being undone, for an undo that is parked before any other undo has recorded the reason. */
  readonly raiseAttention: (
    order: OrderKey & {
      step: Step;
      kind: AttentionKind;
      why: string;
      unwinding?: { because: Refusal; sentence: string };
    },
  ) => Promise<Raised>;
  /** Writes the act to the audit trail, and does its part in Postgres. */
  readonly recordRepair: (order: OrderKey & Repair & { kind: AttentionKind }) => Promise<void>;
}
