import { ApplicationFailure } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { postgresInventory } from '../../../src/adapters/postgres/inventory';
import { postgresLoyalty } from '../../../src/adapters/postgres/loyalty';
import { ALREADY_UNDONE } from '../../../src/contract/activities';
import type { OrderKey } from '../../../src/contract/checkout';
import { providerKey } from '../../../src/ports/provider-key';
import type { Bench } from '../../../src/tools/provider-kit/bench';
import { GIVEN } from '../../../src/tools/provider-kit/given';
import { rowsOf } from '../../../src/tools/provider-kit/rows';
import { otherBody } from '../../../src/tools/provider-kit/rows/keys';
import type { StepCalls } from '../../../src/tools/provider-kit/step-calls';
import type { Row } from '../../../src/tools/suite/row';
import { tryRow } from '../../../src/tools/suite/try-row';
import { accepted, checkoutWorld, stepsBefore, unwinding } from '../../support/checkout-world';
import type { CheckoutWorld } from '../../support/checkout-world';
import { STEP_TABLE } from '../../support/recording-activities';

/** The adapter `postgres` writes in its step's transaction, so here the step is what the kit calls. `find` is what a query sees of it. */
const EMBEDDED = {
  inventory: {
    ...{ step: STEP_TABLE[2], done: 'reserved', port: postgresInventory() },
    effect: `select sku, quantity::int from stock_reservations where checkout_id = $1 and state <> 'released'`,
  },
  loyalty: {
    ...{ step: STEP_TABLE[5], done: 'awarded', port: postgresLoyalty() },
    effect: `select points::int from loyalty_awards where checkout_id = $1 and revoked_at is null`,
  },
} as const;
type EmbeddedRole = keyof typeof EMBEDDED;

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

function embedded<R extends EmbeddedRole>(role: R): Bench<R> {
  const { step, done, port, effect } = EMBEDDED[role];
  const at = STEP_TABLE.findIndex((each) => each === step);
  const orders = new Map<string, Promise<OrderKey>>();
  const readyOrder = async () => {
    const order = await accepted(world.db);
    await stepsBefore(world.activities, order, at);
    return order;
  };
  const orderOf = (key: string) => {
    const order = orders.get(key) ?? readyOrder();
    orders.set(key, order);
    return order;
  };

  const find = async (key: string) => {
    const { checkoutId } = await orderOf(key);
    const { rows } = await world.db.query(effect, [checkoutId]);
    return rows.length === 0 ? { outcome: 'unseen' } : { outcome: done, reference: checkoutId + JSON.stringify(rows) };
  };
  const calls: StepCalls = {
    ...{ done: [done], find },
    act: async (key) => {
      try {
        await world.activities[step.act](await orderOf(key));
        return await find(key);
      } catch (error) {
        if (error instanceof ApplicationFailure && error.type === ALREADY_UNDONE) return { outcome: 'blocked' };
        throw error;
      }
    },
    undo: async (key) => world.activities[step.undo](unwinding(await orderOf(key))),
  };
  const commit = async ({ key }: { key: string }) => {
    const order = await orderOf(key);
    for (const each of STEP_TABLE.slice(at)) await world.activities[each.act](order);
  };
  let keys = 0;
  return {
    ...{ role, given: GIVEN, calls, tidy: async () => undefined },
    port: { ...port, commit } as Bench<R>['port'],
    newKey: () => providerKey(`chk_${(keys += 1)}`, step.step),
  };
}

const NO_OTHER_BODY = "an order's lines and customer are stored when it is accepted, so its key has only one body";

async function triedOn<R extends EmbeddedRole>(role: R) {
  const subject = embedded(role);
  const wrong: object[] = [];
  for (const row of rowsOf(role)) {
    const tried: Row<Bench<R>> = row === otherBody ? { row: row.row, hidden: NO_OTHER_BODY } : row;
    const { result, detail } = await tryRow(tried, subject);
    if (result !== 'pass') wrong.push({ row: row.row, result, detail });
  }
  return wrong;
}

test.each(['inventory', 'loyalty'] as const)(
  'the step of the adapter postgres passes every try of the provider kit for %s that it can have',
  async (role) => {
    const notPassed = await triedOn(role);

    expect(notPassed).toEqual([{ row: otherBody.row, result: 'not-observable', detail: NO_OTHER_BODY }]);
  },
);

test('the tries leave the stock balanced: what left the shelf is what reservations hold or sold', async () => {
  await triedOn('inventory');

  const { rows } = await world.db.query(
    `select (initial - available)::int as taken,
            (select sum(quantity) from stock_reservations where sku = stock.sku and state <> 'released')::int as kept
       from stock where sku = 'MUG-BLUE'`,
  );

  expect(rows[0]?.taken).toBeGreaterThan(0);
  expect(rows[0]?.taken).toBe(rows[0]?.kept);
});
