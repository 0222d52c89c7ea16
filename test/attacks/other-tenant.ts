import { setTimeout as rest } from 'node:timers/promises';
import { aKey, aRequest } from '../support/builders';
import type { RunningStack } from '../support/running-stack';

/** Far below what two cores complete: what is compared is how long one waits, not how much fits. */
const EVERY_MS = 250;
const API_KEY = 'sk_sandbox_globex';

/** Places orders at a steady rate, whether or not the last ones are answered, and tells how many milliseconds each acceptance took. */
export async function placeOrders(stack: RunningStack, seconds: number): Promise<number[]> {
  const startedAt = performance.now();
  const orders: Promise<number>[] = [];
  for (let at = 0; at < (seconds * 1_000) / EVERY_MS; at += 1) {
    await rest(Math.max(0, startedAt + at * EVERY_MS - performance.now()));
    orders.push(place(stack));
  }
  return Promise.all(orders);
}

async function place(stack: RunningStack): Promise<number> {
  const startedAt = performance.now();
  const { status, body } = await stack.place(aRequest(), { key: aKey(), apiKey: API_KEY });
  if (status !== 202) throw new Error(`An order of the other tenant was answered ${status}: ${body.toString()}`);
  return performance.now() - startedAt;
}
