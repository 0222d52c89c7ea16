import type { CheckoutActivities } from '../src/contract/activities';
import { toMinorNumber } from '../src/domain/money';
import { providerKey } from '../src/ports/provider-key';
import type { ActivityPorts } from './activity-ports';
import { alreadyUndone } from './ledger-row';
import { orderTotal } from './order-facts';
import { refuse } from './refuse';
import { once } from './step-ledger';
import { stepStatement } from './step-statement';
import { undoOnce } from './undo-once';

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

export const paymentActivities = ({ db, providerOf }: ActivityPorts): PaymentActivities => ({
  authorizePayment: (order) =>
    once(db, order, STEP, async (facts) => {
      const amount = orderTotal(facts);
      const { token } = facts.request.payment;
      const key = providerKey(order.checkoutId, STEP.name);
      const payments = await providerOf('payments', { ...order, ...facts });
      const answer = await payments.authorize({ key, amount, token });
      if (answer.outcome === 'declined') throw refuse('PaymentDeclined', `The payment was declined: ${answer.reason}.`);
      if (answer.outcome === 'blocked') throw alreadyUndone(order.checkoutId, STEP.name);

      const { reference: authorizationId } = answer;
      const announced = { minor: toMinorNumber(amount), currency: amount.currency };
      return {
        result: { authorizationId },
        events: [{ type: 'payment.authorized', data: { authorizationId, amount: announced } }],
      };
    }),

  voidPayment: (order) =>
    undoOnce(db, order, STEP.name, {
      call: async (key) => (await providerOf('payments', order)).void({ key }),
      rows: async (tx) => {
        const { rows } = await tx.query<{ authorizationId: string; minor: bigint; currency: string }>(
          `update payments
              set voided_at = now()
            where checkout_id = $1
           returning authorization_id as "authorizationId", amount_minor as minor, currency`,
          [order.checkoutId],
        );
        return rows.map(({ authorizationId, minor, currency }) => ({
          type: 'payment.voided',
          data: { authorizationId, amount: { minor: Number(minor), currency } },
        }));
      },
    }),
});
