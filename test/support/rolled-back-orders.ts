import { append } from '../../src/outbox/append';
import type { Database } from '../../src/postgres/database';
import { lockOrder } from '../../src/postgres/lock-order';

const AT_ONCE = 8;

/**
 * Rolls back transactions of orders for `ms`. Each takes a transaction id, which Postgres need not write down: a crash right after them hands
 * out the last ones again.
 */
export async function rollBackOrders(db: Database, checkoutId: string, ms: number): Promise<void> {
  const until = performance.now() + ms;
  const one = () =>
    db
      .transaction(async (tx) => {
        await lockOrder(tx, checkoutId);
        await append(tx, checkoutId, [{ type: 'order.cancelled', data: {} }]);
        throw new RolledBack();
      })
      .catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error;
      });
  const many = async () => {
    while (performance.now() < until) await one();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, many));
}

class RolledBack extends Error {}
