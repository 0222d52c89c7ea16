import type { CaseKind } from './attention-kind';
import type { RefusalCode } from './refusals';
import type { Step } from './steps';

interface Amount {
  /** JSON integer in the currency's minor unit. */
  readonly minor: number;
  readonly currency: string;
}

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/**
 * One event for each committed change to a step or to the whole checkout.
 * Types are recorded: a released event only ever gains optional fields. None holds personal data.
 */
export type CheckoutEvent =
  | { readonly type: 'order.created'; readonly data: { readonly total: Amount; readonly lines: readonly Line[] } }
  | { readonly type: 'order.cancelled'; readonly data: Record<string, never> }
  | {
      readonly type: 'payment.authorized';
      readonly data: { readonly authorizationId: string; readonly amount: Amount };
    }
  /** Without the address, which lets its holder approve: see `nextAction` of the checkout. */
  | { readonly type: 'payment.awaiting-customer'; readonly data: { readonly expiresAt: string } }
  | { readonly type: 'payment.voided'; readonly data: { readonly authorizationId: string; readonly amount: Amount } }
  | { readonly type: 'payment.captured'; readonly data: { readonly captureId: string; readonly amount: Amount } }
  | { readonly type: 'stock.reserved'; readonly data: { readonly lines: readonly Line[] } }
  | { readonly type: 'stock.released'; readonly data: { readonly lines: readonly Line[] } }
  | { readonly type: 'fulfillment.triggered'; readonly data: { readonly fulfillmentId: string } }
  | { readonly type: 'fulfillment.cancelled'; readonly data: { readonly fulfillmentId: string } }
  | { readonly type: 'notification.sent'; readonly data: { readonly messageId: string } }
  | { readonly type: 'notification.cancelled'; readonly data: { readonly messageId: string } }
  | { readonly type: 'loyalty.awarded'; readonly data: { readonly points: number } }
  | { readonly type: 'loyalty.revoked'; readonly data: { readonly points: number } }
  | { readonly type: 'label.generated'; readonly data: { readonly labelId: string; readonly trackingNumber: string } }
  | { readonly type: 'label.voided'; readonly data: { readonly labelId: string } }
  | { readonly type: 'notification.skipped'; readonly data: Record<string, never> }
  | { readonly type: 'loyalty.skipped'; readonly data: Record<string, never> }
  | { readonly type: 'attention.raised'; readonly data: { readonly step: Step; readonly kind: CaseKind } }
  | { readonly type: 'attention.cleared'; readonly data: { readonly step: Step; readonly kind: CaseKind } }
  | { readonly type: 'checkout.completed'; readonly data: { readonly total: Amount } }
  | { readonly type: 'checkout.refused'; readonly data: { readonly code: RefusalCode } }
  | { readonly type: 'checkout.cancelled'; readonly data: Record<string, never> };

type EventType = CheckoutEvent['type'];

/** The events of each step: that it is done, that it is undone, and, if operators may skip it, that it was skipped. */
export const STEP_EVENTS = {
  'order-created': { done: 'order.created', undone: 'order.cancelled' },
  'payment-authorized': { done: 'payment.authorized', undone: 'payment.voided' },
  'stock-reserved': { done: 'stock.reserved', undone: 'stock.released' },
  'fulfillment-triggered': { done: 'fulfillment.triggered', undone: 'fulfillment.cancelled' },
  'notification-sent': {
    done: 'notification.sent',
    undone: 'notification.cancelled',
    skipped: 'notification.skipped',
  },
  'loyalty-awarded': { done: 'loyalty.awarded', undone: 'loyalty.revoked', skipped: 'loyalty.skipped' },
  'label-generated': { done: 'label.generated', undone: 'label.voided' },
} as const satisfies Record<Step, { done: EventType; undone: EventType; skipped?: EventType }>;
