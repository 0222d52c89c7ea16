import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';

/** A SKU in one snapshot: its own figures, and the same counted from reservations and completed orders. */
export interface StockRow {
  readonly sku: string;
  readonly initial: bigint;
  readonly available: bigint;
  readonly reserved: bigint;
  readonly sold: bigint;
  readonly reservedByOrders: bigint;
  readonly soldByOrders: bigint;
  /** The quantities of completed orders whose inventory this is. */
  readonly completed: bigint;
}

export interface StockEvidence {
  readonly rows: Stream<StockRow>;
  /** The table's constraints that are in force. */
  readonly constraints: readonly string[];
}

/** The check sees one moment; these constraints hold at every other. */
const AT_EVERY_MOMENT = ['stock_adds_up', 'stock_never_below_zero', 'stock_reserved_check', 'stock_sold_check'];

/** P6: every unit is available, reserved or sold, and the orders agree. */
export async function checkStock({ rows, constraints }: StockEvidence): Promise<Verdict> {
  const tally = new Tally();
  for (const name of AT_EVERY_MOMENT) {
    if (!constraints.includes(name)) tally.violation('unguarded', null, `The constraint ${name} is not in force`);
  }
  for await (const row of rows) {
    tally.checked += 1;
    judge(row, (kind, sentence) => tally.violation(kind, null, `${row.sku}: ${sentence}`));
  }
  return tally;
}

function judge(row: StockRow, found: (kind: string, sentence: string) => void): void {
  const { initial, available, reserved, sold, reservedByOrders, soldByOrders, completed } = row;
  if (initial !== available + reserved + sold) {
    found('does-not-add-up', `of ${initial}, ${available} are available, ${reserved} reserved and ${sold} sold`);
  }
  if ([available, reserved, sold].some((units) => units < 0n)) found('below-zero', 'a quantity is below zero');
  if (sold > initial) found('oversold', `${sold} of ${initial} were sold`);
  if (reserved !== reservedByOrders)
    found('reserved-differs', `${reserved} are reserved, but orders hold ${reservedByOrders}`);
  if (sold !== soldByOrders) found('sold-differs', `${sold} are sold, but ${soldByOrders} went to orders`);
  if (sold !== completed) found('sold-differs', `${sold} are sold, but completed orders have ${completed}`);
}
