import type { AttentionKind } from '../domain/attention-kind';
import type { Refusal } from '../domain/refusals';
import type { Step, StepState } from '../domain/steps';

/** Names that are recorded in histories and known to every process: add, never rename. */
export const CHECKOUT_WORKFLOW = 'checkout';
export const CHECKOUT_TASK_QUEUE = 'checkout';
/** What the builds of the worker have in common. */
export const CHECKOUT_DEPLOYMENT = 'checkout';

/** All a checkout's activities need to know: the rest is in Postgres, so that histories hold no personal data. */
export interface OrderKey {
  /** `chk_` and 32 hex digits, derived from tenant and Idempotency-Key. */
  readonly checkoutId: string;
  readonly tenant: string;
}

/** What a checkout's workflow is given. */
export interface CheckoutOrder extends OrderKey {
  /** When an undo is parked and a step behind the pivot is shown to operators; 15 minutes unless the installation says otherwise. */
  readonly attentionAfter?: string;
  /** Whether a step's first attempt runs inside the workflow task; histories from before there was a fast lane do not say. */
  readonly fastLane?: boolean;
  /** Present if a run before this one did not bring the order to its end. */
  readonly resumed?: Resumed;
}

/** Where a run takes an order over: what the ledger does not say by itself. */
export interface Resumed {
  /** The first time is 1. */
  readonly number: number;
  /** The newest step that may have been tried. */
  readonly reached: Step;
  /** What waits for an operator. */
  readonly open: readonly { readonly step: Step; readonly kind: AttentionKind; readonly why: string }[];
  /** Present if the order is being undone: then the run does nothing else. */
  readonly unwinding?: {
    readonly because: Refusal;
    readonly sentence: string;
    /** The steps that have still to be undone, apart from the parked ones. */
    readonly undos: readonly Step[];
  };
}

/** What a completed checkout's workflow returns. */
export interface CheckoutReceipt {
  readonly checkoutId: string;
  /** JSON integer in the currency's minor unit. */
  readonly total: { readonly minor: number; readonly currency: string };
  readonly authorizationId: string;
  readonly trackingNumber: string;
}

/** A person finds an order in the Web UI by its key, so tenant and key are the id. */
export const checkoutWorkflowId = (tenant: string, idempotencyKey: string): string =>
  `checkout/${tenant}/${idempotencyKey}`;

/** Query for where a running checkout is; the truth for clients is in Postgres. */
export const CHECKOUT_PROGRESS = 'checkout-progress';

export interface CheckoutProgress {
  readonly steps: Readonly<Record<Step, StepState>>;
  readonly refusal: Refusal | null;
}
