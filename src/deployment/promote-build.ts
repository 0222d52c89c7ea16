import { setTimeout as rest } from 'node:timers/promises';
import type { TemporalClient } from '../runtime/temporal';
import { makeCurrent } from './make-current';
import { moveOrder, ORDERS_AT_ONCE, ordersOfOthers } from './pinned-orders';

type Call = TemporalClient['call'];

const ASK_AGAIN_MS = 200;

/** Gives the new checkouts to this build, which has a worker. Harmless when it has them. */
export async function promoteBuild(call: Call, build: string): Promise<void> {
  const promote = () => call((client) => makeCurrent(client, build, ({ isCurrent }) => !isCurrent));
  while ((await promote()) === 'not yet') await rest(ASK_AGAIN_MS);
}

/** Binds all open orders to this build; returns how many there were. */
export async function moveAllOrders(call: Call, build: string): Promise<number> {
  // The list is a moment old: those that were moved are in it for a while.
  const moved = new Set<string>();
  for (;;) {
    const orders = await call((client) => ordersOfOthers(client, [build], moved.size + ORDERS_AT_ONCE));
    const others = orders.filter(({ runId }) => !moved.has(runId));
    if (others.length === 0) return moved.size;
    await Promise.all(others.map((order) => call((client) => moveOrder(client, order, build))));
    for (const { runId } of others) moved.add(runId);
  }
}
