import type { CheckoutActivities } from '../src/contract/activities';
import { toMinorNumber } from '../src/domain/money';
import { providerKey } from '../src/ports/provider-key';
import type { ProviderOf } from '../src/ports/providers';
import type { Database } from '../src/postgres/database';
import { alreadyUndone } from './ledger-row';
import { orderTotal } from './order-facts';
import { refuse } from './refuse';
import { keep, recorded, undoOnce } from './step-ledger';
import { stepStatement } from './step-statement';

const STEP = {
  name: 'payment-authorized',
  statement: stepStatement({
    rows: {
      paid: `insert into payments (checkout_id, authorization_id, amount_minor, currency)
             select mine.id, mine.result ->> 'authorizationId', total_minor, currency
               from mine
               join orders on orders.checkout_id = mine.id`,
    },
  }),
} as const;

type PaymentActivities = Pick<CheckoutActivities, 'authorizePayment' | 'voidPayment'>;

export const paymentActivities = (db: Database, providerOf: ProviderOf): PaymentActivities => ({
  async authorizePayment(order) {
    const { checkoutId } = order;
    const { stored, ...facts } = await recorded<{ authorizationId: string }>(db, order, STEP);
    if (stored) return stored;

    // Before the transaction opens, so that no row stays locked while the provider thinks. If we die after the answer, the retry asks
    // under the same key and gets the same authorization.
    const amount = orderTotal(facts);
    const { token } = facts.request.payment;
    const key = providerKey(checkoutId, STEP.name);
    const payments = await providerOf('payments', { ...order, ...facts });
    const answer = await payments.authorize({ key, amount, token });
    if (answer.outcome === 'declined') throw refuse('PaymentDeclined', `The payment was declined: ${answer.reason}.`);
    if (answer.outcome === 'blocked') throw alreadyUndone(checkoutId, STEP.name);

    const { reference: authorizationId } = answer;
    const announced = { minor: toMinorNumber(amount), currency: amount.currency };
    return keep(db, order, STEP, {
      result: { authorizationId },
      events: [{ type: 'payment.authorized', data: { authorizationId, amount: announced } }],
    });
  },

  async voidPayment(order) {
    const { checkoutId } = order;
    // Even if no authorization is known: its answer may have been lost, or its request may still be in flight.
    const key = providerKey(checkoutId, STEP.name);
    if (!order.byHand) await (await providerOf('payments', order)).void({ key });
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP.name, async () => {
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
