import { missing, refused } from './api-error';
import type { FakeClock } from './clock';
import { newId } from './ids';
import type { Payment } from './payment';
import type { Refund } from './shapes';

/** What one Stripe account has. Another account cannot see it. */
export class AccountBook {
  readonly payments = new Map<string, Payment>();
  /** Newest first, as lists are. */
  readonly refunds: Refund[] = [];

  constructor(
    readonly id: string,
    private readonly clock: FakeClock,
  ) {}

  payment(id: string): Payment {
    const payment = this.payments.get(id);
    if (payment === undefined) throw missing('payment_intent', id, 'intent', 404);
    return payment;
  }

  /** Gives back a part of what was captured, or what is left of it. */
  refund({ intent: id, amount, reason, metadata }: RefundWanted): Refund {
    const payment = this.payments.get(id);
    if (payment === undefined) throw missing('payment_intent', id, 'payment_intent', 400);
    const { charge, intent } = payment;
    if (intent.status !== 'succeeded' || charge === undefined)
      throw refused(`This PaymentIntent (${id}) does not have a successful charge to refund.`);
    const left = charge.amount_captured - charge.amount_refunded;
    if (left === 0)
      throw refused(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
    const back = amount ?? left;
    if (back > left)
      throw refused(`Refund amount (${back}) is greater than unrefunded amount on charge (${left})`, {
        param: 'amount',
      });
    charge.amount_refunded += back;
    charge.refunded = back === left;
    const refund = this.#newRefund(charge.id, intent.currency, { intent: id, amount: back, reason, metadata });
    this.refunds.unshift(refund);
    return refund;
  }

  /** What a bank may do, days later: the money is back with the shop. */
  failRefund(id: string): boolean {
    const refund = this.refunds.find((one) => one.id === id && one.status === 'succeeded');
    const charge = this.payments.get(refund?.payment_intent ?? '')?.charge;
    if (refund === undefined || charge === undefined) return false;
    Object.assign(refund, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
    charge.amount_refunded -= refund.amount;
    charge.refunded = false;
    return true;
  }

  #newRefund(charge: string, currency: string, wanted: RefundWanted & { amount: number }): Refund {
    return {
      id: newId('re'),
      object: 'refund',
      amount: wanted.amount,
      balance_transaction: newId('txn'),
      charge,
      created: this.clock.now(),
      currency,
      customer: null,
      customer_account: null,
      destination_details: { type: 'card', card: { type: 'refund' } },
      metadata: wanted.metadata,
      payment_intent: wanted.intent,
      payment_method: null,
      reason: wanted.reason,
      receipt_number: null,
      source_transfer_reversal: null,
      status: 'succeeded',
      transfer_reversal: null,
    };
  }
}

export interface RefundWanted {
  readonly intent: string;
  /** Minor units; undefined for all of it. */
  readonly amount: number | undefined;
  readonly reason: string | null;
  readonly metadata: Record<string, string>;
}
