import { expect, test } from '@jest/globals';
import { checkStock } from '../../../src/tools/verify/stock/check-stock';
import type { StockRow } from '../../../src/tools/verify/stock/check-stock';

const CONSTRAINTS = ['stock_adds_up', 'stock_never_below_zero', 'stock_reserved_check', 'stock_sold_check'];
const row = (more: Partial<StockRow> = {}): StockRow => ({
  ...{ sku: 'MUG', initial: 10n, available: 5n, reserved: 2n, sold: 3n },
  ...{ reservedByOrders: 2n, soldByOrders: 3n, completed: 3n },
  ...more,
});
const kinds = async (more: Partial<StockRow>, constraints = CONSTRAINTS) =>
  (await checkStock({ rows: [row(more)], constraints })).examples.map(({ kind }) => kind);

test('accepts a SKU that adds up and agrees with its orders', async () => {
  expect(await checkStock({ rows: [row()], constraints: CONSTRAINTS })).toMatchObject({ checked: 1, violations: 0 });
});

test.each([
  ['does-not-add-up', { available: 6n }],
  ['below-zero', { available: -1n, reserved: 8n, reservedByOrders: 8n }],
  ['reserved-differs', { reservedByOrders: 1n }],
  ['sold-differs', { soldByOrders: 2n }],
  ['sold-differs', { completed: 4n }],
])('finds %s', async (kind, more) => {
  expect(await kinds(more)).toEqual([kind]);
});

test('finds that more was sold than there was', async () => {
  expect(
    await kinds({ available: 0n, reserved: 0n, reservedByOrders: 0n, sold: 11n, soldByOrders: 11n, completed: 11n }),
  ).toEqual(['does-not-add-up', 'oversold']);
});

test('finds that a constraint is missing', async () => {
  expect(await kinds({}, CONSTRAINTS.slice(1))).toEqual(['unguarded']);
});
