import type { CheckoutActivities } from '../src/contract/activities';
import { providerKey } from '../src/ports/provider-key';
import type { ActivityPorts } from './activity-ports';
import { alreadyUndone, ledgerRow } from './ledger-row';
import { orderTotal } from './order-facts';
import { once } from './step-ledger';
import { stepStatement } from './step-statement';
import { undoOnce } from './undo-once';

const STEP = {
  name: 'notification-sent',
  statement: stepStatement({
    rows: {
      told: `insert into notifications (checkout_id, message_id) select id, result ->> 'messageId' from mine`,
    },
  }),
} as const;

type NotificationActivities = Pick<CheckoutActivities, 'sendNotification' | 'sendCancellation'>;

export const notificationActivities = ({ db, providerOf }: ActivityPorts): NotificationActivities => ({
  sendNotification: (order) =>
    once<{ messageId: string } | null>(db, order, STEP, async (facts) => {
      const { checkoutId } = order;
      const { customer, shippingAddress } = facts.request;
      const mail = await providerOf('mail', { ...order, ...facts });
      const answer = await mail.sendConfirmation({
        ...{ key: providerKey(checkoutId, STEP.name), to: customer.email, orderId: checkoutId },
        ...{ name: shippingAddress.name, total: orderTotal(facts), lines: facts.lines },
        ...(facts.promised?.deliveryPromise && { deliveryPromise: facts.promised.deliveryPromise }),
      });
      if (answer.outcome === 'blocked') throw alreadyUndone(checkoutId, STEP.name);

      const { reference: messageId } = answer;
      return { result: { messageId }, events: [{ type: 'notification.sent', data: { messageId } }] };
    }),

  sendCancellation: (order) =>
    undoOnce(db, order, STEP.name, {
      call: async (key) => {
        const facts = await ledgerRow(db, order.checkoutId, STEP.name);
        const mail = await providerOf('mail', { ...order, ...facts });
        await mail.sendCancellation({ key, to: facts.request.customer.email, orderId: order.checkoutId });
      },
      rows: async (tx) => {
        const { rows } = await tx.query<{ messageId: string }>(
          `update notifications set cancelled_at = now() where checkout_id = $1 returning message_id as "messageId"`,
          [order.checkoutId],
        );
        return rows.map((data) => ({ type: 'notification.cancelled', data }));
      },
    }),
});
