import type { CheckoutActivities } from '../src/contract/activities';
import { CURRENCY_EXPONENTS } from '../src/domain/currencies';
import type { Money } from '../src/domain/money';
import type { Database } from '../src/postgres/database';
import { orderTotal } from './order-facts';
import { once, undoOnce } from './step-ledger';
import { stepStatement } from './step-statement';

const STEP = {
  name: 'loyalty-awarded',
  statement: stepStatement({
    rows: {
      awarded: `insert into loyalty_awards (checkout_id, tenant, customer_id, points)
                select id, tenant, request -> 'customer' ->> 'id', (result ->> 'points')::bigint from mine`,
    },
  }),
} as const;

/** Points live in this database, so there is no provider to call. */
export const loyaltyActivities = (db: Database): Pick<CheckoutActivities, 'awardLoyalty' | 'revokeLoyalty'> => ({
  awardLoyalty: (order) =>
    once<{ points: number } | null>(db, order, STEP, (facts) => {
      const points = pointsFor(orderTotal(facts));
      return { result: { points }, events: [{ type: 'loyalty.awarded', data: { points } }] };
    }),

  async revokeLoyalty(order) {
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP.name, async () => {
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
