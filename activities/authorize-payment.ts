import type { CheckoutActivities } from '../src/contract/activities';
import { toMinorNumber } from '../src/domain/money';
import type { PaymentGateway } from '../src/ports/payment-gateway';
import { providerKey } from '../src/ports/provider-key';
import type { Database } from '../src/postgres/database';
import { orderTotal } from './order-facts';
import { refuse } from './refuse';
import { alreadyUndone, once, recorded, undoOnce } from './step-ledger';

const STEP = 'payment-authorized';

type PaymentActivities = Pick<CheckoutActivities, 'authorizePayment' | 'voidPayment'>;

export const paymentActivities = (db: Database, payments: PaymentGateway): PaymentActivities => ({
  async authorizePayment(order) {
    const { checkoutId } = order;
    const { stored, ...facts } = await recorded<{ authorizationId: string }>(db, order, STEP);
    if (stored) return stored;

    // Asked before the transaction opens: no row stays locked while the provider thinks. Dying after the answer asks again
    // under the same key and gets the same authorization.
    const amount = orderTotal(facts);
    const { token } = facts.request.payment;
    const answer = await payments.authorize({ key: providerKey(checkoutId, STEP), amount, token });
    if (answer.outcome === 'declined') throw refuse('PaymentDeclined', `The payment was declined: ${answer.reason}.`);
    if (answer.outcome === 'blocked') throw alreadyUndone(checkoutId, STEP);

    const { authorizationId } = answer;
    return db.transaction((tx) =>
      once(tx, order, STEP, () => {
        const announced = { minor: toMinorNumber(amount), currency: amount.currency };
        return {
          result: { authorizationId },
          events: [{ type: 'payment.authorized', data: { authorizationId, amount: announced } }],
          wrote: tx.query(
            `insert into payments (checkout_id, authorization_id, amount_minor, currency) values ($1, $2, $3, $4)`,
            [checkoutId, authorizationId, amount.minor, amount.currency],
          ),
        };
      }),
    );
  },

  async voidPayment(order) {
    const { checkoutId } = order;
    // Also when nothing is known of an authorization: its answer may have been lost, or it may still be on its way.
    if (!order.byHand) await payments.void({ key: providerKey(checkoutId, STEP) });
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP, async () => {
        const { rows } = await tx.query<{ authorizationId: string; minor: bigint; currency: string }>(
          `update payments
              set voided_at = now()
            where checkout_id = $1
           returning authorization_id as "authorizationId", amount_minor as minor, currency`,
          [checkoutId],
        );
        return rows.map(({ authorizationId, minor, currency }) => ({
          type: 'payment.voided',
          data: { authorizationId, amount: { minor: Number(minor), currency } },
        }));
      }),
    );
  },
});
