import type { CheckoutActivities } from '../src/contract/activities';
import { providerKey } from '../src/ports/provider-key';
import type { ProviderOf } from '../src/ports/providers';
import type { Database } from '../src/postgres/database';
import { requestOf } from './checkout-row';
import { alreadyUndone } from './ledger-row';
import { orderTotal } from './order-facts';
import { keep, recorded, undoOnce } from './step-ledger';
import { stepStatement } from './step-statement';

const STEP = {
  name: 'notification-sent',
  statement: stepStatement({
    rows: {
      told: `insert into notifications (checkout_id, message_id) select id, result ->> 'messageId' from mine`,
    },
  }),
} as const;

type NotificationActivities = Pick<CheckoutActivities, 'sendNotification' | 'sendCancellation'>;

export const notificationActivities = (db: Database, providerOf: ProviderOf): NotificationActivities => ({
  async sendNotification(order) {
    const { checkoutId } = order;
    const { stored, ...facts } = await recorded<{ messageId: string } | null>(db, order, STEP);
    if (stored !== undefined) return stored;

    const { customer, shippingAddress } = facts.request;
    const mail = await providerOf('mail', { ...order, ...facts });
    const answer = await mail.sendConfirmation({
      ...{ key: providerKey(checkoutId, STEP.name), to: customer.email, orderId: checkoutId },
      ...{ name: shippingAddress.name, total: orderTotal(facts), lines: facts.lines },
      ...(facts.promised?.deliveryPromise && { deliveryPromise: facts.promised.deliveryPromise }),
    });
    if (answer.outcome === 'blocked') throw alreadyUndone(checkoutId, STEP.name);

    const { reference: messageId } = answer;
    return keep(db, order, STEP, {
      result: { messageId },
      events: [{ type: 'notification.sent', data: { messageId } }],
    });
  },

  async sendCancellation(order) {
    const { checkoutId } = order;
    const { customer } = await requestOf(db, checkoutId);
    const letter = { key: providerKey(checkoutId, STEP.name), to: customer.email, orderId: checkoutId };
    if (!order.byHand) await (await providerOf('mail', order)).sendCancellation(letter);
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP.name, async () => {
        const { rows } = await tx.query<{ messageId: string }>(
          `update notifications set cancelled_at = now() where checkout_id = $1 returning message_id as "messageId"`,
          [checkoutId],
        );
        return rows.map((data) => ({ type: 'notification.cancelled', data }));
      }),
    );
  },
});
