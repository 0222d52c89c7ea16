import { newId } from './ids';
import type { CaptureMethod, PaymentIntent } from './shapes';

export interface NewIntent {
  readonly amount: number;
  readonly currency: string;
  readonly captureMethod: CaptureMethod;
  readonly metadata: Record<string, string>;
  readonly description: string | null;
  /** Undefined: what the account has switched on, as Stripe does where nothing is said. */
  readonly allowedTypes: string[] | undefined;
  readonly allowRedirects: 'always' | 'never';
  readonly created: number;
}

/** What `automatic_payment_methods` means for a manual capture in this fake's accounts. */
const DASHBOARD_TYPES = ['card'];

export function newIntent(wanted: NewIntent): PaymentIntent {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: wanted.allowedTypes ?? null,
    amount: wanted.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods:
      wanted.allowedTypes === undefined ? { enabled: true, allow_redirects: wanted.allowRedirects } : null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: wanted.captureMethod,
    client_secret: newId(`${id}_secret`),
    confirmation_method: 'automatic',
    created: wanted.created,
    currency: wanted.currency,
    customer: null,
    customer_account: null,
    description: wanted.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: wanted.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: wanted.allowedTypes ?? DASHBOARD_TYPES,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
}
