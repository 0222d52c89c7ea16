import type { Refusal } from '../domain/refusals';
import type { OrderKey } from './checkout';

interface Amount {
  readonly minor: number;
  readonly currency: string;
}

/** The seven steps. Each may be called any number of times and acts once; a refusal is a non-retryable failure of type `Refusal`. */
export interface ForwardActivities {
  createOrder(order: OrderKey): Promise<{ readonly total: Amount }>;
  authorizePayment(order: OrderKey): Promise<{ readonly authorizationId: string }>;
  reserveStock(order: OrderKey): Promise<{ readonly units: number }>;
  triggerFulfillment(order: OrderKey): Promise<{ readonly fulfillmentId: string }>;
  sendNotification(order: OrderKey): Promise<{ readonly messageId: string }>;
  awardLoyalty(order: OrderKey): Promise<{ readonly points: number }>;
  generateLabel(order: OrderKey): Promise<{ readonly labelId: string; readonly trackingNumber: string }>;
}

/** Why an order is being undone; shown to people, never decided upon. */
export interface Unwinding extends OrderKey {
  readonly because: Refusal;
  readonly sentence: string;
}

/** The undo of each step: keyed by the order alone, harmless if the step never happened or happens later. */
export interface UndoActivities {
  cancelOrder(order: Unwinding): Promise<void>;
  voidPayment(order: Unwinding): Promise<void>;
  releaseStock(order: Unwinding): Promise<void>;
  cancelFulfillment(order: Unwinding): Promise<void>;
  sendCancellation(order: Unwinding): Promise<void>;
  revokeLoyalty(order: Unwinding): Promise<void>;
  voidLabel(order: Unwinding): Promise<void>;
}

export type CheckoutActivities = ForwardActivities & UndoActivities;
