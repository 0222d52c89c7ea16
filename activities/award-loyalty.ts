import type { CheckoutActivities } from '../src/contract/activities';
import { CURRENCY_EXPONENTS } from '../src/domain/currencies';
import type { Money } from '../src/domain/money';
import type { Database } from '../src/postgres/database';
import { orderTotal } from './order-facts';
import { once, undoOnce } from './step-ledger';

const STEP = 'loyalty-awarded';

/** Ours alone: points live in this database, so there is no provider to ask. */
export const loyaltyActivities = (db: Database): Pick<CheckoutActivities, 'awardLoyalty' | 'revokeLoyalty'> => ({
  async awardLoyalty(order) {
    const { checkoutId, tenant } = order;
    return db.transaction((tx) =>
      once(tx, order, STEP, (facts) => {
        const points = pointsFor(orderTotal(facts));
        return {
          result: { points },
          events: [{ type: 'loyalty.awarded', data: { points } }],
          wrote: tx.query(
            `insert into loyalty_awards (checkout_id, tenant, customer_id, points) values ($1, $2, $3, $4)`,
            [checkoutId, tenant, facts.request.customer.id, points],
          ),
        };
      }),
    );
  },

  async revokeLoyalty(order) {
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP, async () => {
        const { rows } = await tx.query<{ points: bigint }>(
          `update loyalty_awards set revoked_at = now() where checkout_id = $1 returning points`,
          [order.checkoutId],
        );
        return rows.map(({ points }) => ({ type: 'loyalty.revoked', data: { points: Number(points) } }));
      }),
    );
  },
});

/** One point for each whole unit of the currency. */
const pointsFor = ({ minor, currency }: Money): number =>
  Number(minor / 10n ** BigInt(CURRENCY_EXPONENTS[currency] ?? 0));
