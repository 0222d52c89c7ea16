import type { AttentionKind } from '../domain/attention-kind';
import type { Refusal } from '../domain/refusals';
import type { Step, StepState } from '../domain/steps';

/** Names that are recorded in histories and known to every process: add, never rename. */
export const CHECKOUT_WORKFLOW = 'checkout';
export const CHECKOUT_TASK_QUEUE = 'checkout';
/** The worker deployment that all builds belong to. */
export const CHECKOUT_DEPLOYMENT = 'checkout';

/** All a checkout's activities need to know: the rest is in Postgres, so that histories hold no personal data. */
export interface OrderKey {
  /** `chk_` and 32 hex digits, derived from tenant and Idempotency-Key. */
  readonly checkoutId: string;
  readonly tenant: string;
}

/** The input of a checkout's workflow. */
export interface CheckoutOrder extends OrderKey {
  /** After how long a failing undo is parked, or a failing step after the pivot is shown to operators; 15 minutes by default. */
  readonly attentionAfter?: string;
  /** Whether a step's first attempt runs inside the workflow task. Absent in histories older than the fast lane. */
  readonly fastLane?: boolean;
  /** Present if an earlier run did not finish the order. */
  readonly resumed?: Resumed;
}

/** Where a new run takes over the order: what the ledger alone does not say. */
export interface Resumed {
  /** 1 for the first resume. */
  readonly number: number;
  /** The newest step that may have been attempted. */
  readonly reached: Step;
  /** What waits for an operator. */
  readonly open: readonly { readonly step: Step; readonly kind: AttentionKind; readonly why: string }[];
  /** Present if the order is being undone: the run then does nothing else. */
  readonly unwinding?: {
    readonly because: Refusal;
    readonly sentence: string;
    /** The steps still to be undone, apart from the parked ones. */
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

/** Made of tenant and key, so that people find an order in the Web UI by its key. */
export const checkoutWorkflowId = (tenant: string, idempotencyKey: string): string =>
  `checkout/${tenant}/${idempotencyKey}`;

/** Query for the progress of a running checkout. Clients are answered from Postgres. */
export const CHECKOUT_PROGRESS = 'checkout-progress';

/** Signal: the provider has said that something about the payment has changed. It decides nothing, so it may come too often, or be forged. */
export const PAYMENT_NEWS = 'payment-news';

export interface CheckoutProgress {
  readonly steps: Readonly<Record<Step, StepState>>;
  readonly refusal: Refusal | null;
}
