import type { Refusal } from '../domain/refusals';
import type { Step } from '../domain/steps';
import type { OrderKey } from './checkout';
import type { AttentionActivities } from './repair';

interface Amount {
  readonly minor: number;
  readonly currency: string;
}

/** Failure type of an attempt that arrives after its own undo. Recorded in histories. */
export const ALREADY_UNDONE = 'AlreadyUndone';

/** Who decides on a payment that the processor has neither authorized nor declined: the customer at its page, or the processor by itself. */
export type Decider = 'customer' | 'provider';

/** The payment is undecided. */
export interface Undecided {
  readonly waitsFor: Decider;
}

/** The seven steps. Each may be called any number of times and acts once; a refusal is a non-retryable failure of type `Refusal`. */
export interface ForwardActivities {
  readonly createOrder: (order: OrderKey) => Promise<{ readonly total: Amount }>;
  /** `canWait`: the workflow understands `Undecided`. Absent in histories older than that answer, which get a fault instead. */
  readonly authorizePayment: (
    order: OrderKey & { readonly canWait?: true },
  ) => Promise<{ readonly authorizationId: string } | Undecided>;
  readonly reserveStock: (order: OrderKey) => Promise<{ readonly units: number }>;
  readonly triggerFulfillment: (order: OrderKey) => Promise<{ readonly fulfillmentId: string }>;
  /** Null if an operator skipped the step. */
  readonly sendNotification: (order: OrderKey) => Promise<{ readonly messageId: string } | null>;
  /** Null if an operator skipped the step. */
  readonly awardLoyalty: (order: OrderKey) => Promise<{ readonly points: number } | null>;
  readonly generateLabel: (order: OrderKey) => Promise<{ readonly labelId: string; readonly trackingNumber: string }>;
}

/** Called only for a payment that is undecided. */
export interface AwaitingActivities {
  /**
   * Fails until the payment is decided, and is retried at a pace of its own; refuses it once its time is over. Also answers if somebody else
   * than `waitsFor` is to decide now, unless it `isLast`. `hasNews`: the provider has said that something has changed.
   */
  readonly awaitPayment: (
    order: OrderKey & Undecided & { readonly hasNews: boolean; readonly isLast: boolean },
  ) => Promise<{ readonly authorizationId: string } | Undecided>;
}

/** Why an order is being undone: for people to read, never to base a decision on. */
export interface Unwinding extends OrderKey {
  readonly because: Refusal;
  readonly sentence: string;
  /** An operator undid the step by hand: only our own records of it are left to undo. */
  readonly byHand?: boolean;
}

/** The undo of each step: keyed by the order alone, harmless if the step never happened or happens later. */
export interface UndoActivities {
  readonly cancelOrder: (order: Unwinding) => Promise<void>;
  readonly voidPayment: (order: Unwinding) => Promise<void>;
  readonly releaseStock: (order: Unwinding) => Promise<void>;
  readonly cancelFulfillment: (order: Unwinding) => Promise<void>;
  readonly sendCancellation: (order: Unwinding) => Promise<void>;
  readonly revokeLoyalty: (order: Unwinding) => Promise<void>;
  readonly voidLabel: (order: Unwinding) => Promise<void>;
}

/** Called only when a fault or a cancel turns back an order in the fast lane. */
export interface GivingUpActivities {
  /** The step's result if it has happened; otherwise null, and then neither it nor any later step can still happen. */
  readonly giveUpStep: (order: Unwinding & { readonly step: Step }) => Promise<object | null>;
}

export type CheckoutActivities = ForwardActivities &
  AwaitingActivities &
  UndoActivities &
  GivingUpActivities &
  AttentionActivities;
