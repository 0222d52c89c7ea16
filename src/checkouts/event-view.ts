import type { CheckoutState } from '../domain/checkout-states';
import type { CheckoutEvent } from '../domain/events';
import type { Step } from '../domain/steps';

/** What an event changed. */
interface Change {
  readonly step?: Step;
  readonly stepState?: 'done' | 'undone' | 'skipped';
  /** The new state of the whole checkout, if it changed. */
  readonly state?: CheckoutState;
}

/** An event as clients see it. `sequence` counts from 1 without a gap; `at` is ISO 8601. */
export interface CheckoutEventView extends Change {
  readonly sequence: number;
  readonly type: string;
  readonly at: string;
  readonly data: unknown;
}

/** An event as Postgres returns it. */
export interface EventRow {
  sequence: number;
  type: string;
  at: string;
  data: unknown;
}

const done = (step: Step): Change => ({ step, stepState: 'done' });
const undone = (step: Step): Change => ({ step, stepState: 'undone' });

const KNOWN = {
  'order.created': { ...done('order-created'), state: 'running' },
  'order.cancelled': undone('order-created'),
  'payment.authorized': done('payment-authorized'),
  'payment.voided': undone('payment-authorized'),
  // Comes after the end, when the checkout's state no longer changes.
  'payment.captured': {},
  'stock.reserved': done('stock-reserved'),
  'stock.released': undone('stock-reserved'),
  'fulfillment.triggered': done('fulfillment-triggered'),
  'fulfillment.cancelled': undone('fulfillment-triggered'),
  'notification.sent': done('notification-sent'),
  'notification.cancelled': undone('notification-sent'),
  'loyalty.awarded': done('loyalty-awarded'),
  'loyalty.revoked': undone('loyalty-awarded'),
  'label.generated': done('label-generated'),
  'label.voided': undone('label-generated'),
  'notification.skipped': { step: 'notification-sent', stepState: 'skipped' },
  'loyalty.skipped': { step: 'loyalty-awarded', stepState: 'skipped' },
  'attention.raised': { state: 'needs-attention' },
  // Something else may still need attention: the checkout's state is in its next event, or in `GET`.
  'attention.cleared': {},
  'checkout.completed': { state: 'completed' },
  'checkout.refused': { state: 'refused' },
  'checkout.cancelled': { state: 'cancelled' },
} as const satisfies Record<CheckoutEvent['type'], Change>;

/** A worker of a newer release may send events that are unknown here: they are passed on without a change. */
const CHANGES: Readonly<Record<string, Change>> = KNOWN;

export const eventViewOf = ({ sequence, type, at, data }: EventRow): CheckoutEventView => ({
  sequence,
  type,
  at: new Date(at).toISOString(),
  ...CHANGES[type],
  data,
});
