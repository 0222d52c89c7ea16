import { setTimeout as rest } from 'node:timers/promises';
import { aKey, aRequest } from '../support/builders';
import type { RunningStack } from '../support/running-stack';

/** An average far below the capacity of two cores: waiting times are compared, not throughput. */
const EVERY_MS = 150;
const API_KEY = 'sk_sandbox_globex';

/**
 * Places orders at random moments, as customers do: in step with the attacks, they would meet all of them or none. Does not wait for
 * answers in between, and returns how many milliseconds each acceptance took.
 */
export async function placeOrders(stack: RunningStack, seconds: number): Promise<number[]> {
  const startedAt = performance.now();
  const orders: Promise<number>[] = [];
  let at = 0;
  for (;;) {
    at += -Math.log(1 - Math.random()) * EVERY_MS;
    if (at > seconds * 1_000) break;
    await rest(Math.max(0, startedAt + at - performance.now()));
    orders.push(place(stack));
  }
  return Promise.all(orders);
}

async function place(stack: RunningStack): Promise<number> {
  const startedAt = performance.now();
  const { status, body } = await stack.place(aRequest(), { key: aKey(), apiKey: API_KEY });
  if (status !== 202) throw new Error(`An order of the other tenant got ${status}: ${body.toString()}`);
  return performance.now() - startedAt;
}
