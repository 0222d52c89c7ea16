import type { CheckoutActivities } from '../src/contract/activities';
import { providerKey } from '../src/ports/provider-key';
import type { ActivityPorts } from './activity-ports';
import { alreadyUndone } from './ledger-row';
import { orderTotal } from './order-facts';
import { once } from './step-ledger';
import { stepStatement } from './step-statement';
import { undoOnce } from './undo-once';

const STEP = {
  name: 'loyalty-awarded',
  statement: stepStatement({
    rows: {
      awarded: `insert into loyalty_awards (checkout_id, tenant, customer_id, points)
                select id, tenant, request -> 'customer' ->> 'id', (result ->> 'points')::bigint from mine`,
    },
  }),
} as const;

type LoyaltyActivities = Pick<CheckoutActivities, 'awardLoyalty' | 'revokeLoyalty'>;

export const loyaltyActivities = ({ db, providerOf }: ActivityPorts): LoyaltyActivities => ({
  awardLoyalty: (order) =>
    once<{ points: number } | null>(db, order, STEP, async (facts) => {
      const key = providerKey(order.checkoutId, STEP.name);
      const award = { key, orderId: order.checkoutId, customerId: facts.request.customer.id, total: orderTotal(facts) };
      const loyalty = await providerOf('loyalty', { ...order, ...facts });
      const answer = await loyalty.award(award);
      if (answer.outcome === 'blocked') throw alreadyUndone(order.checkoutId, STEP.name);

      const { points } = answer;
      return { result: { points }, events: [{ type: 'loyalty.awarded', data: { points } }] };
    }),

  revokeLoyalty: (order) =>
    undoOnce(db, order, STEP.name, {
      call: async (key) => (await providerOf('loyalty', order)).revoke({ key }),
      rows: async (tx) => {
        const { rows } = await tx.query<{ points: bigint }>(
          `update loyalty_awards set revoked_at = now() where checkout_id = $1 returning points`,
          [order.checkoutId],
        );
        return rows.map(({ points }) => ({ type: 'loyalty.revoked', data: { points: Number(points) } }));
      },
    }),
});
