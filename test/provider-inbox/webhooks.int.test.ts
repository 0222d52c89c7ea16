import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inboxWorld, SECRETS } from './inbox-world';
import type { InboxWorld } from './inbox-world';

let world: InboxWorld;
beforeAll(async () => {
  world = await inboxWorld();
});
afterAll(() => world.close());

const SIX_MINUTES_MS = 6 * 60_000;
const ago = (ms: number) => new Date(new Date().getTime() - ms);

test('a genuine webhook is stored once, however often it is repeated', async () => {
  const order = await world.acceptedByWarehouse();

  const answers = [];
  for (let at = 0; at < 3; at++) answers.push(await world.send(order, { id: `evt-${order.checkoutId}` }));

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  expect(await world.noticesOf(order)).toBe(1);
});

test.each([
  ['another secret', { secret: 'whsec_bm90IG91cnM=' }],
  ["a tenant's secret, at the address of all", { secret: SECRETS.acme }],
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
  expect(await world.noticesOf(order)).toBe(0);
});

test.each([
  ['old', ago(SIX_MINUTES_MS)],
  ['from the future', ago(-SIX_MINUTES_MS)],
])('a webhook that is too %s is refused, so a recorded one is good for nothing', async (_what, at) => {
  const order = await world.acceptedByWarehouse();

  const answer = await world.send(order, { at });

  expect(answer.statusCode).toBe(400);
  expect(await world.noticesOf(order)).toBe(0);
});

test.each([
  ['of another tenant', { source: 'globex', secret: SECRETS.globex }, 'http acme'],
  ['that began at the provider of all tenants', { source: 'acme', secret: SECRETS.acme }, 'http'],
  ["that began at its tenant's own provider", {}, 'http acme'],
])('an order %s is not found', async (_what, sent, choice) => {
  const order = await world.acceptedByWarehouse({ choice });

  const answer = await world.send(order, sent);

  expect(answer.statusCode).toBe(404);
  expect(await world.noticesOf(order)).toBe(0);
});

test.each([
  ['names an order that does not exist', undefined],
  ['names another step', JSON.stringify({ key: `chk_${'0'.repeat(32)}:label-generated` })],
  ['names no key', '{"id":"evt_1","object":"event"}'],
  ['has a key that is no text', '{"key":{"$gt":""}}'],
  ['has a key with a NUL', '{"key":"chk_\\u0000"}'],
  ['is no JSON', 'key=chk'],
  ['is nested deeply', '['.repeat(20_000)],
  ['is no text', Buffer.from([0xff, 0xfe])],
  ['is empty', ''],
])('a genuine webhook that %s is taken without effect, so that nobody repeats it', async (_what, body) => {
  const nobodys = { checkoutId: `chk_${'0'.repeat(32)}`, tenant: 'acme' };
  const before = await world.db.query(`select from provider_notices`);

  const answer = await world.send(nobodys, body === undefined ? {} : { body });

  expect([answer.statusCode, answer.json()]).toEqual([200, { received: false }]);
  expect((await world.db.query(`select from provider_notices`)).rowCount).toBe(before.rowCount);
});

test('an order that is older than choices is asked about too, but only by a provider of its tenant', async () => {
  const order = await world.acceptedByWarehouse();
  await world.db.query(`update checkouts set providers = null where id = $1`, [order.checkoutId]);

  const other = await world.send(order, { source: 'globex', secret: SECRETS.globex });
  const answer = await world.send(order);

  expect([other.statusCode, answer.statusCode]).toEqual([404, 200]);
  expect(await world.noticesOf(order)).toBe(1);
  await world.askWarehouses();
  expect(world.asked).toContain(`${order.checkoutId}:fulfillment-triggered`);
});

test("a tenant's own provider reaches that tenant's orders", async () => {
  const order = await world.acceptedByWarehouse({ choice: 'http acme' });

  const answer = await world.send(order, { source: 'acme', secret: SECRETS.acme });

  expect(answer.statusCode).toBe(200);
  expect(await world.noticesOf(order)).toBe(1);
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

test.each([
  ['another media type', { 'content-type': 'text/plain' }],
  ['no media type', {}],
])('the signature counts, not the form: a genuine webhook with %s is taken', async (_what, type) => {
  const order = await world.acceptedByWarehouse();

  const answer = await world.send(order, { type });

  expect(answer.statusCode).toBe(200);
  expect(await world.noticesOf(order)).toBe(1);
});

test('a body beyond the limit is refused before it is read', async () => {
  const order = await world.acceptedByWarehouse();
  const sizes = [60, 65].map((kilobytes) => ' '.repeat(kilobytes * 1024));

  const answers = await Promise.all(
    sizes.map((blanks) => world.send(order, { body: `${blanks}{"key":"${order.checkoutId}:fulfillment-triggered"}` })),
  );

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 413]);
});

test('each outcome is counted, by role and nothing that a stranger can make up', async () => {
  const order = await world.acceptedByWarehouse();
  const before = await countsOf('warehouse');
  const id = `evt-${order.checkoutId}`;
  await world.send(order, { id });
  await world.send(order, { id });
  await world.send(order, { at: ago(SIX_MINUTES_MS) });
  await world.send(order, { secret: 'whsec_bm90IG91cnM=' });
  await world.send(order, { body: '{}' });
  await world.send(order, { source: 'globex', secret: SECRETS.globex });
  const after = await countsOf('warehouse');
  await world.app.inject({ method: 'POST', url: '/v1/providers/-/made-up/webhook' });

  expect(Object.keys(after)).toEqual(['received', 'repeated', 'stale', 'forged', 'unknown', 'other-tenant']);
  for (const [outcome, count] of Object.entries(after))
    expect([outcome, count]).toEqual([outcome, before[outcome]! + 1]);
  expect((await metrics()).includes('made-up')).toBe(false);
  expect((await countsOf('none'))['forged']).toBe(1);
});

const metrics = async () => (await world.app.inject('/metrics')).body;

async function countsOf(role: string): Promise<Record<string, number>> {
  const line = new RegExp(
    `^durable_checkout_provider_webhooks_total\\{role="${role}",outcome="([a-z-]+)"\\} (\\d+)$`,
    'gm',
  );
  const counts = [...(await metrics()).matchAll(line)].map(
    ([, outcome = '', count]) => [outcome, Number(count)] as const,
  );
  return Object.fromEntries(counts);
}
