import type { GivingUpActivities } from '../src/contract/activities';
import type { Database } from '../src/postgres/database';
import { startUnwinding } from './checkout-row';
import { lockedRow } from './ledger-row';

export const givingUpActivities = (db: Database): GivingUpActivities => ({
  /** Under the order's lock, which each step takes too: either the step was first, or it finds the order being undone. */
  giveUpStep: ({ step, ...order }) =>
    db.transaction(async (tx) => {
      const { done, undone, result } = await lockedRow(tx, order.checkoutId, step);
      if (done && !undone) return result as object;
      await startUnwinding(tx, order);
      return null;
    }),
});
