import type { Step } from '../../../src/domain/steps';
import { STEPS } from '../../../src/domain/steps';
import type { Database } from '../../../src/postgres/database';
import type { Entry } from '../../../src/local/sandbox/entry';
import { sandboxJournal } from '../../../src/tools/verify/sandbox-journal';

/** How orders ended. */
export interface Ends {
  /** All seven effects, once each. */
  readonly done: number;
  /** No effect, or all of them undone. */
  readonly nothing: number;
  /** Neither: somebody must repair the order by hand. */
  readonly halfDone: number;
}

/** How a journal line changes the count of an effect. All other lines change nothing. */
const CHANGES: Readonly<Record<string, readonly [Step, 1 | -1]>> = {
  'payments authorize authorized': ['payment-authorized', 1],
  'payments void voided': ['payment-authorized', -1],
  'warehouse fulfill triggered': ['fulfillment-triggered', 1],
  'warehouse cancel cancelled': ['fulfillment-triggered', -1],
  'mail send sent': ['notification-sent', 1],
  'mail cancel sent': ['notification-sent', -1],
  'carrier label generated': ['label-generated', 1],
  'carrier void voided': ['label-generated', -1],
};

const PROVIDERS = ['payments', 'warehouse', 'mail', 'carrier'];

/** Judges orders by the providers' journals, and by `rows` for the three steps that leave only rows. Every contestant is judged alike. */
export async function endsOf(
  ids: readonly string[],
  { db, sandbox, rows }: { db: Database; sandbox: string; rows: string },
): Promise<Ends> {
  const effects = new Map(ids.map((id) => [id, new Map<Step, number>()]));
  const change = (id: string, step: Step, by: number): void => {
    const counts = effects.get(id);
    counts?.set(step, (counts.get(step) ?? 0) + by);
  };
  for (const provider of PROVIDERS) {
    for await (const { operation, outcome, key } of sandboxJournal<Entry>(sandbox, provider)) {
      const [step, by] = CHANGES[`${provider} ${operation} ${outcome}`] ?? [];
      if (step && by) change(key.split(/[.:]/, 1)[0] ?? '', step, by);
    }
  }
  const { rows: left } = await db.query<{ id: string; step: Step }>(rows);
  for (const { id, step } of left) change(id, step, 1);
  return judge([...effects.values()]);
}

/** The rule: every effect exactly once, or none at all; twice is as wrong as missing. */
export function judge(orders: readonly ReadonlyMap<Step, number>[]): Ends {
  const all = (order: ReadonlyMap<Step, number>, wanted: number) =>
    STEPS.every((step) => (order.get(step) ?? 0) === wanted);
  const done = orders.filter((order) => all(order, 1)).length;
  const nothing = orders.filter((order) => all(order, 0)).length;
  return { done, nothing, halfDone: orders.length - done - nothing };
}

/** A row for each remaining effect that no provider has a journal of. */
export const OUR_ROWS = `
  select checkout_id as id, 'order-created' as step from orders where cancelled_at is null
  union all
  select checkout_id, 'stock-reserved' from stock_reservations where state <> 'released'
  union all
  select checkout_id, 'loyalty-awarded' from loyalty_awards where revoked_at is null`;

export const NAIVE_ROWS = `
  select checkout_id as id, 'order-created' as step from naive.orders where cancelled_at is null
  union all
  select checkout_id, 'stock-reserved' from naive.reservations join naive.orders on id = order_id where released_at is null
  union all
  select checkout_id, 'loyalty-awarded' from naive.points join naive.orders on id = order_id where revoked_at is null`;
