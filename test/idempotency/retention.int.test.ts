import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { forgetAnswers } from '../../src/checkouts/forget-answers';
import { dropTombstones } from '../../src/idempotency/retention';
import { accepted, checkoutWorld } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

/** A claim that is `days` old, and whether it still exists. */
async function claimOf(days: number) {
  const { checkoutId } = await accepted(world.db);
  await world.db.query(
    `update idempotency_claims set accepted_at = now() - make_interval(days => $2) where resource_id = $1`,
    [checkoutId, days],
  );
  const isThere = async () =>
    (await world.db.query(`select from idempotency_claims where resource_id = $1`, [checkoutId])).rowCount === 1;
  return { checkoutId, isThere };
}

const end = (checkoutId: string) =>
  world.db.query(`update checkouts set state = 'completed', ended_at = accepted_at where id = $1`, [checkoutId]);

test('keeps the claim and the answers of a checkout that has not ended, however old it is', async () => {
  const { isThere } = await claimOf(1_000);

  await forgetAnswers(world.db);
  await dropTombstones(world.db);

  expect(await isThere()).toBe(true);
});

test('drops a claim after 400 days, once its answers were forgotten, and not before', async () => {
  const [old, young] = [await claimOf(401), await claimOf(399)];
  for (const { checkoutId } of [old, young]) {
    await world.db.query(`update checkouts set accepted_at = now() - interval '399 days' where id = $1`, [checkoutId]);
    await end(checkoutId);
  }

  await dropTombstones(world.db);
  expect(await old.isThere()).toBe(true);
  await forgetAnswers(world.db);
  await dropTombstones(world.db);

  expect(await old.isThere()).toBe(false);
  expect(await young.isThere()).toBe(true);
});
