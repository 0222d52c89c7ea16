import { newId } from './ids';
import type { Charge, PaymentIntent } from './shapes';

interface Attempt {
  readonly status: Charge['status'];
  readonly why: { readonly code: string; readonly message: string } | undefined;
  readonly type: string;
  readonly created: number;
}

/** One attempt to get the money of an intent. */
export const newCharge = (intent: PaymentIntent, { status, why, type, created }: Attempt): Charge => ({
  id: newId('ch'),
  object: 'charge',
  amount: intent.amount,
  amount_captured: 0,
  amount_refunded: 0,
  captured: false,
  created,
  currency: intent.currency,
  failure_code: why?.code ?? null,
  failure_message: why?.message ?? null,
  livemode: false,
  metadata: intent.metadata,
  paid: status === 'succeeded',
  payment_intent: intent.id,
  payment_method: intent.payment_method,
  payment_method_details: { type, ...(type === 'card' ? { card: { brand: 'visa', last4: '4242' } } : {}) },
  refunded: false,
  status,
});
