import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OrderKey } from '../../src/contract/checkout';
import { inboxWorld, SECRETS } from './inbox-world';
import type { InboxWorld } from './inbox-world';

let world: InboxWorld;
beforeAll(async () => {
  world = await inboxWorld();
});
afterAll(() => world.close());

const SIX_MINUTES_MS = 6 * 60_000;
const ago = (ms: number) => new Date(new Date().getTime() - ms);
const noticesOf = async ({ checkoutId }: OrderKey) =>
  (await world.db.query(`select from provider_notices where checkout_id = $1`, [checkoutId])).rowCount;

test('a genuine webhook is stored once, however often it is repeated', async () => {
  const order = await world.acceptedByWarehouse();

  const answers = [];
  for (let at = 0; at < 3; at++) answers.push(await world.send(order, { id: `evt-${order.checkoutId}` }));

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  expect(await noticesOf(order)).toBe(1);
});

test.each([
  ['another secret', { secret: SECRETS.acme }],
  ['a signature of another body', { signed: '{"key":"another"}' }],
  ['a tenant that has no provider of its own', { source: 'nobody' }],
  ["another tenant's provider", { source: 'globex', secret: SECRETS.acme }],
])('a webhook with %s is forged', async (_what, sent) => {
  const order = await world.acceptedByWarehouse();

  const answer = await world.send(order, sent);

  expect(answer.statusCode).toBe(401);
  expect(answer.json()).toMatchObject({
    code: 'unauthorized',
    detail: expect.stringContaining('No provider of ours signed this'),
  });
  expect(await noticesOf(order)).toBe(0);
});

test.each([
  ['old', ago(SIX_MINUTES_MS)],
  ['from the future', ago(-SIX_MINUTES_MS)],
])('a webhook that is too %s is refused, so a recorded one is good for nothing', async (_what, at) => {
  const order = await world.acceptedByWarehouse();

  const answer = await world.send(order, { at });

  expect(answer.statusCode).toBe(400);
  expect(await noticesOf(order)).toBe(0);
});

test.each([
  ['of another tenant', { source: 'globex', secret: SECRETS.globex }, 'http acme'],
  ['that began at the provider of all tenants', { source: 'acme', secret: SECRETS.acme }, 'http'],
  ["that began at its tenant's own provider", {}, 'http acme'],
])('an order %s is not found, as one that does not exist', async (_what, sent, choice) => {
  const order = await world.acceptedByWarehouse({ choice });
  const nobodys = { checkoutId: `chk_${'0'.repeat(32)}`, tenant: 'acme' };

  const [answer, unknown] = [await world.send(order, sent), await world.send(nobodys, sent)];

  const detailOf = (response: typeof answer) => response.json<{ detail: string }>().detail;
  expect([answer.statusCode, detailOf(answer)]).toEqual([404, detailOf(unknown)]);
  expect(unknown.statusCode).toBe(404);
  expect(await noticesOf(order)).toBe(0);
});

test('an order that is older than choices is asked about too, but only by a provider of its tenant', async () => {
  const order = await world.acceptedByWarehouse();
  await world.db.query(`update checkouts set providers = null where id = $1`, [order.checkoutId]);

  const other = await world.send(order, { source: 'globex', secret: SECRETS.globex });
  const answer = await world.send(order);

  expect([other.statusCode, answer.statusCode]).toEqual([404, 200]);
  expect(await noticesOf(order)).toBe(1);
  await world.askProviders();
  expect(world.asked).toContain(`${order.checkoutId}:fulfillment-triggered`);
});

test("a tenant's own provider reaches that tenant's orders", async () => {
  const order = await world.acceptedByWarehouse({ choice: 'http acme' });

  const answer = await world.send(order, { source: 'acme', secret: SECRETS.acme });

  expect(answer.statusCode).toBe(200);
  expect(await noticesOf(order)).toBe(1);
});

test('a webhook without a signature, or with a signature of nonsense, is forged', async () => {
  const order = await world.acceptedByWarehouse();
  const inject = (headers: Record<string, string>) =>
    world.app.inject({
      method: 'POST',
      url: '/v1/providers/-/warehouse/webhook',
      headers,
      payload: { key: `${order.checkoutId}:fulfillment-triggered` },
    });
  const nonsense = { 'webhook-id': 'evt', 'webhook-timestamp': 'soon', 'webhook-signature': 'v1,' };

  expect((await inject({})).statusCode).toBe(401);
  expect((await inject(nonsense)).statusCode).toBe(401);
  expect((await inject({ ...nonsense, 'webhook-timestamp': '999999999999' })).statusCode).toBe(401);
});

test('only who can sign a webhook is told what is wrong with its body', async () => {
  const order = await world.acceptedByWarehouse();
  const body = '{"id":"evt_1","object":"event"}';

  const signed = await world.send(order, { body });
  const forged = await world.send(order, { body, secret: SECRETS.acme });

  expect([signed.statusCode, forged.statusCode]).toEqual([400, 401]);
  expect(signed.json()).toMatchObject({ errors: [{ field: 'body.key' }] });
  expect(forged.json()).not.toHaveProperty('errors');
});
