import { expect, test } from '@jest/globals';
import { plannedEnds, planOrder } from './order-mix';
import type { PlannedOrder } from './order-mix';
import { VISIT_NAMES } from './visits';

const orders = Array.from({ length: 1_000 }, (_, number) => planOrder(7, number));
const shareOf = (isOne: (order: PlannedOrder) => boolean): number => orders.filter(isOne).length / orders.length;

test('the seed decides the orders', () => {
  expect(planOrder(7, 42)).toEqual(orders[42]);
  expect(planOrder(8, 42)).not.toEqual(orders[42]);
  expect(new Set(orders.map(({ id }) => id)).size).toBe(orders.length);
});

test('two tenants use the same keys', () => {
  const keysOf = (wanted: string) => orders.filter(({ tenant }) => tenant === wanted).map(({ key }) => key);

  expect(keysOf('acme')).toEqual(keysOf('globex'));
});

test('every end, duplicates and changed bodies occur often enough', () => {
  expect(shareOf(({ refusal, cancelAfterMs }) => refusal === undefined && cancelAfterMs === undefined)).toBeGreaterThan(
    0.5,
  );
  expect(shareOf(({ refusal }) => refusal !== undefined)).toBeGreaterThan(0.15);
  expect(shareOf(({ cancelAfterMs }) => cancelAfterMs !== undefined)).toBeGreaterThan(0.15);
  expect(shareOf(({ changed }) => changed !== undefined)).toBeGreaterThan(0.05);
  expect(new Set(orders.map(({ copies }) => copies))).toEqual(new Set([1, 2, 3, 4, 5]));
});

test('with waiting payments, most orders wait, and their customers do everything', () => {
  const waiting = Array.from({ length: 1_000 }, (_, number) => planOrder(7, number, 'async'));
  const count = (isOne: (order: PlannedOrder) => boolean) => waiting.filter(isOne).length;

  expect(count(({ request }) => /3ds|pending/.test(request.payment.token))).toBeGreaterThan(800);
  for (const visit of VISIT_NAMES) expect(count((order) => order.visit === visit)).toBeGreaterThan(25);
  expect(orders.every(({ visit }) => visit === undefined)).toBe(true);
});

test('an order ends as its customer decides, or is refused or cancelled after that', () => {
  const plan = { ...planOrder(1, 1), refusal: undefined, visit: undefined, cancelAfterMs: undefined };

  expect(plannedEnds(plan)).toEqual(['completed']);
  expect(plannedEnds({ ...plan, cancelAfterMs: 1 })).toEqual(['cancelled', 'completed']);
  expect(plannedEnds({ ...plan, visit: 'abandons' })).toEqual(['payment-abandoned']);
  expect(plannedEnds({ ...plan, visit: 'approves', refusal: 'out-of-stock' })).toEqual([
    'out-of-stock',
    'payment-abandoned',
  ]);
});

test('a changed body is a different request that ends the same way', () => {
  const both = orders.filter(({ changed }) => changed !== undefined);

  for (const { request, changed } of both) {
    expect(changed).not.toEqual(request);
    expect({ ...changed, items: [] }).toEqual({ ...request, items: [] });
  }
});
