import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { digestOf } from '../../src/tenants/find-caller';
import { createApiKey } from '../../src/tenants/create-api-key';
import type { OrderKey } from '../../src/contract/checkout';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { accepted, workflowIdOf } from '../support/checkout-world';
import { codeOf } from './setup';

let world: ApiWorld;
beforeAll(async () => (world = await apiWorld()));
afterAll(() => world.close());

const OPERATOR = 'sk_sandbox_operator';
const BODY = { reason: 'Temporal was emptied.' };

const resume = (
  id: string,
  { body = BODY, key = aKey(), apiKey = OPERATOR }: { body?: object; key?: string | null; apiKey?: string } = {},
) =>
  world.app.inject({
    method: 'POST',
    url: `/v1/ops/checkouts/${id}/resume`,
    headers: { authorization: `Bearer ${apiKey}`, ...(key === null ? {} : { 'idempotency-key': key }) },
    payload: body,
  });
const stranded = async (query = '', apiKey = OPERATOR) =>
  world.app.inject({ url: `/v1/ops/stranded${query}`, headers: { authorization: `Bearer ${apiKey}` } });

const runOf = async (order: OrderKey) => world.client.workflow.getHandle(await workflowIdOf(world.db, order));

async function terminated(): Promise<OrderKey> {
  const order = await accepted(world.db);
  await world.db.query(`update checkouts set started_at = now() where id = $1`, [order.checkoutId]);
  const { workflowId } = await runOf(order);
  const run = await world.client.workflow.start('checkout', { workflowId, taskQueue: 'nobody-polls', args: [order] });
  await run.terminate('by hand');
  return order;
}

test('lists a stranded order, resumes it once per key, and no longer lists it', async () => {
  const order = await terminated();
  const key = aKey();
  const isListed = async () =>
    (await stranded())
      .json<{ stranded: { checkoutId: string }[] }>()
      .stranded.some((it) => it.checkoutId === order.checkoutId);

  expect(await isListed()).toBe(true);
  for (const answer of [await resume(order.checkoutId, { key }), await resume(order.checkoutId, { key })]) {
    expect([answer.statusCode, answer.json()]).toEqual([200, { done: true }]);
  }

  expect(await isListed()).toBe(false);
  const run = await runOf(order);
  expect((await run.describe()).status.name).toBe('RUNNING');
  const { rows } = await world.db.query(`select number, found, reason, operator from resumes where checkout_id = $1`, [
    order.checkoutId,
  ]);
  expect(rows).toEqual([
    { number: 1, found: 'terminated', ...BODY, operator: digestOf(OPERATOR).toString('hex').slice(0, 16) },
  ]);
  const again = await resume(order.checkoutId);
  expect([again.statusCode, codeOf(again)]).toEqual([409, 'nothing-to-resume']);
  const reused = await resume(order.checkoutId, { key, body: { reason: 'Another one.' } });
  expect([reused.statusCode, codeOf(reused)]).toEqual([422, 'idempotency-key-reused']);
  await run.terminate('the test is over');
});

test("is for operators only, and an operator of one tenant does not see another's", async () => {
  const order = await terminated();
  const globex = await createApiKey(world.db, { tenant: 'globex', scope: 'operator' });
  const merchant = [await stranded('', 'sk_sandbox_acme'), await resume('chk_1', { apiKey: 'sk_sandbox_acme' })];

  expect(merchant.map(({ statusCode }) => statusCode)).toEqual([403, 403]);
  expect((await resume(order.checkoutId, { apiKey: globex })).statusCode).toBe(404);
  expect((await stranded('', globex)).json()).toEqual({ stranded: [], next: null });
  expect(codeOf(await resume(`chk_${'0'.repeat(32)}`))).toBe('not-found');
});

test('refuses invalid resumes before reading anything', async () => {
  const { checkoutId: id } = await terminated();

  expect(codeOf(await resume(id, { key: null }))).toBe('idempotency-key-missing');
  for (const body of [{}, { reason: '' }, { reason: ' ' }, { ...BODY, step: 'order-created' }]) {
    expect(codeOf(await resume(id, { body }))).toBe('invalid-request');
  }
  expect(codeOf(await stranded('?cursor=%20'))).toBe('invalid-request');
  expect(codeOf(await stranded('?tenant=acme'))).toBe('invalid-request');
});
