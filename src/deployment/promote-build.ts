import { setTimeout as rest } from 'node:timers/promises';
import type { TemporalClient } from '../runtime/temporal';
import { makeCurrent } from './make-current';
import { moveOrder, ORDERS_AT_ONCE, ordersOfOthers } from './pinned-orders';

type Call = TemporalClient['call'];

const RETRY_MS = 200;

/** Makes this build, which has a worker, current. Harmless if it is. */
export async function promoteBuild(call: Call, build: string): Promise<void> {
  const promote = () => call((client) => makeCurrent(client, build, ({ isCurrent }) => !isCurrent));
  while ((await promote()) === 'not yet') await rest(RETRY_MS);
}

/** Pins all open orders to this build; returns how many there were. */
export async function moveAllOrders(call: Call, build: string): Promise<number> {
  // The list is a moment old: it still has orders that were just moved.
  const moved = new Set<string>();
  for (;;) {
    const orders = await call((client) => ordersOfOthers(client, [build], moved.size + ORDERS_AT_ONCE));
    const others = orders.filter(({ runId }) => !moved.has(runId));
    if (others.length === 0) return moved.size;
    await Promise.all(others.map((order) => call((client) => moveOrder(client, order, build))));
    for (const { runId } of others) moved.add(runId);
  }
}
