import { ApiError, InvalidParameter, missing, refused, unexpectedState } from './api-error';
import type { FakeClock } from './clock';
import { newId } from './ids';
import { newCharge } from './new-charge';
import type { Charge, EventType, PaymentError, PaymentIntent, Status } from './shapes';
import { canBeHeld, testMethod } from './test-methods';
import type { Outcome, TestMethod } from './test-methods';
import { wantReturnUrl } from './want-return-url';

/** A hold on a card ends by itself after seven days. */
const HOLD_SECONDS = 7 * 24 * 60 * 60;

const CANCELABLE: readonly Status[] = [
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
];

/** A payment method as a request names it: in `param`, by an id with this prefix, of what Stripe calls so. */
export interface MethodWanted {
  readonly name: string;
  readonly prefix: string;
  readonly what: string;
  readonly param: string;
}

export interface Surroundings {
  readonly clock: FakeClock;
  readonly announce: (type: EventType, intent: PaymentIntent) => void;
  /** Where the customer answers the bank: the page of one authentication. */
  readonly pageOf: (intent: string, authentication: string) => string;
}

/**
 * One PaymentIntent and its money, in the states that Stripe publishes (https://docs.stripe.com/payments/paymentintents/lifecycle).
 * A refused transition throws, and changes nothing.
 */
export class Payment {
  charge: Charge | undefined;
  /** The authentication that waits for the customer. A later confirmation makes its page void. */
  authentication: { readonly id: string; readonly returnUrl: string | undefined } | undefined;
  /** How often money was held, and how much of it was let go. */
  holds = 0;
  freed = 0;
  #method: (TestMethod & { readonly id: string }) | undefined;

  constructor(
    readonly intent: PaymentIntent,
    private readonly around: Surroundings,
  ) {}

  /** Takes a test payment method; what the intent has from then on is an object of its own, as at Stripe. */
  attach({ name, prefix, what, param }: MethodWanted): void {
    const known = name.startsWith(prefix) ? testMethod(name) : undefined;
    const method = known ?? (name === this.#method?.id ? this.#method : undefined);
    if (method === undefined) throw missing(what, name, param, 400);
    const held = this.intent.capture_method === 'manual';
    if (!this.intent.payment_method_types.includes(method.type) || (held && !canBeHeld(method)))
      throw refused(
        `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent. Please attach a PaymentMethod of ` +
          `one of the following types: ${this.intent.payment_method_types.join(', ')}.`,
        { code: 'payment_intent_incompatible_payment_method', param },
      );
    this.#method = { ...method, id: newId('pm') };
    this.intent.payment_method = this.#method.id;
    this.#become('requires_confirmation');
  }

  confirm({ method, returnUrl }: { method?: MethodWanted | undefined; returnUrl?: string | undefined }): void {
    const { intent } = this;
    if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status))
      throw unexpectedState(
        `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of ` +
          'the following statuses may be confirmed: requires_confirmation, requires_action.',
        intent,
      );
    if (method === undefined && this.#method === undefined)
      throw unexpectedState(
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the " +
          'PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.',
        intent,
      );
    wantReturnUrl(intent.automatic_payment_methods?.allow_redirects ?? 'never', returnUrl);
    if (method !== undefined) this.attach(method);
    if (this.#method === undefined) throw new Error('A payment was confirmed without a method');
    intent.last_payment_error = null;
    const declined = this.#settle(this.#method.outcome, returnUrl);
    if (declined) throw this.#cardError(declined);
  }

  /** The customer's answer to the bank; false when nobody waits for it any more. */
  authenticate(authentication: string, verdict: 'approve' | 'decline'): boolean {
    if (this.authentication?.id !== authentication || this.#method?.outcome.kind !== 'authenticate') return false;
    if (verdict === 'approve') this.#settle(this.#method.outcome.then, undefined);
    else
      this.#fail({
        type: 'invalid_request_error',
        code: 'payment_intent_authentication_failure',
        message:
          'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new one.',
      });
    return true;
  }

  /** The end of `processing`. */
  decide(verdict: 'approve' | 'decline'): void {
    if (this.intent.status !== 'processing') throw new Error(`Payment ${this.intent.id} is not processing`);
    const declined: Outcome = { kind: 'declined', code: 'card_declined', message: 'Your card was declined.' };
    this.#settle(verdict === 'approve' ? { kind: 'approved' } : declined, undefined);
  }

  /** Takes a part of what is held, or all of it, and lets the rest go. */
  capture(amount: number = this.intent.amount_capturable): void {
    const { intent, charge } = this;
    if (intent.status !== 'requires_capture' || charge === undefined)
      throw unexpectedState(
        intent.status === 'succeeded'
          ? 'This PaymentIntent could not be captured because it has already been captured.'
          : `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with ` +
              'one of the following statuses may be captured: requires_capture.',
        intent,
      );
    if (amount > intent.amount_capturable)
      throw new InvalidParameter(
        'The amount to capture is greater than the amount that can be captured for this PaymentIntent.',
        'amount_to_capture',
        'amount_too_large',
      );
    this.freed += intent.amount_capturable - amount;
    intent.amount_capturable = 0;
    this.#take(charge, amount);
  }

  cancel(reason: string | null): void {
    const { intent } = this;
    // Stripe cancels a `processing` payment "in rare cases". This is not one: who relies on it would be let down.
    if (!CANCELABLE.includes(intent.status))
      throw unexpectedState(
        `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of ` +
          `the following statuses may be canceled: ${CANCELABLE.join(', ')}, processing.`,
        intent,
      );
    this.freed += intent.amount_capturable;
    intent.amount_capturable = 0;
    if (this.charge !== undefined && intent.status === 'requires_capture') this.charge.refunded = true;
    intent.canceled_at = this.around.clock.now();
    intent.cancellation_reason = reason;
    this.#become('canceled', 'payment_intent.canceled');
  }

  /** What Stripe does by itself when a hold was not captured in time. */
  expire(): void {
    const until = this.charge?.payment_method_details.card?.capture_before;
    if (this.intent.status === 'requires_capture' && until !== undefined && until <= this.around.clock.now())
      this.cancel('automatic');
  }

  /** Returns why the card was declined. */
  #settle(outcome: Outcome, returnUrl: string | undefined): PaymentError | undefined {
    switch (outcome.kind) {
      case 'approved':
        this.#hold();
        return undefined;
      case 'declined': {
        const { kind: _, ...why } = outcome;
        this.charge = this.#newCharge('failed', why);
        return this.#fail({ type: 'card_error', charge: this.charge.id, ...why });
      }
      case 'authenticate':
        this.#ask(returnUrl);
        return undefined;
      case 'processing':
        this.intent.processing = { type: 'card' };
        this.#become('processing', 'payment_intent.processing');
        return undefined;
    }
  }

  #ask(returnUrl: string | undefined): void {
    const id = newId('auth');
    const url = this.around.pageOf(this.intent.id, id);
    this.#become('requires_action');
    this.authentication = { id, returnUrl };
    // Without an address to come back to, only Stripe's own script in the shop's page could go on.
    this.intent.next_action =
      returnUrl === undefined
        ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } }
        : { type: 'redirect_to_url', redirect_to_url: { url, return_url: returnUrl } };
    this.around.announce('payment_intent.requires_action', this.intent);
  }

  #hold(): void {
    const charge = this.#newCharge('succeeded');
    this.charge = charge;
    this.holds += 1;
    if (this.intent.capture_method !== 'manual') return this.#take(charge, this.intent.amount);
    const { card } = charge.payment_method_details;
    if (card !== undefined) card.capture_before = this.around.clock.now() + HOLD_SECONDS;
    this.intent.amount_capturable = this.intent.amount;
    this.#become('requires_capture', 'payment_intent.amount_capturable_updated');
  }

  #take(charge: Charge, amount: number): void {
    Object.assign(charge, { captured: true, amount_captured: amount });
    this.intent.amount_received = amount;
    this.#become('succeeded', 'payment_intent.succeeded');
  }

  #fail(error: PaymentError): PaymentError {
    const { id, type } = this.#method ?? { id: '', type: 'card' };
    this.intent.last_payment_error = { ...error, payment_method: { id, object: 'payment_method', type } };
    this.#method = undefined;
    this.intent.payment_method = null;
    this.#become('requires_payment_method', 'payment_intent.payment_failed');
    return error;
  }

  #cardError({ type: _, ...why }: PaymentError): ApiError {
    return new ApiError(402, { type: 'card_error', ...why, payment_intent: this.intent });
  }

  #newCharge(status: Charge['status'], why?: { code: string; message: string }): Charge {
    const charge = newCharge(this.intent, {
      status,
      why,
      type: this.#method?.type ?? 'card',
      created: this.around.clock.now(),
    });
    this.intent.latest_charge = charge.id;
    return charge;
  }

  #become(status: Status, event?: EventType): void {
    this.intent.status = status;
    if (status !== 'requires_action') {
      this.authentication = undefined;
      this.intent.next_action = null;
    }
    if (status !== 'processing') this.intent.processing = null;
    if (event !== undefined) this.around.announce(event, this.intent);
  }
}
