import { append } from '../../src/outbox/append';
import type { Database } from '../../src/postgres/database';
import { lockOrder } from '../../src/postgres/lock-order';

const AT_ONCE = 8;

/**
 * Has transactions of orders rolled back for `ms`. Each takes a transaction id, and nobody waits for Postgres to write that down: a crash
 * right after them has the last ones handed out again.
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
