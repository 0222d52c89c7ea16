import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createApiKey } from '../../src/tenants/create-api-key';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { codeOf, idOf } from './setup';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

// An IP address, so that no name is resolved.
const SHOP = 'https://93.184.216.34/hooks';

const call = (
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  { body, apiKey }: { body?: object; apiKey?: string } = {},
) =>
  world.app.inject({
    ...{ method, url, headers: { authorization: `Bearer ${apiKey ?? 'sk_sandbox_acme'}` } },
    ...(body === undefined ? {} : { payload: body }),
  });

const create = (url: string, apiKey?: string) =>
  call('POST', '/v1/webhooks', { body: { url }, ...(apiKey === undefined ? {} : { apiKey }) });

const aMerchant = (tenant: string) => createApiKey(world.db, { tenant, scope: 'merchant' });

test('creates an endpoint once, and returns its secret to whoever creates it again', async () => {
  const apiKey = await aMerchant('initech');

  const created = await create(SHOP, apiKey);
  const again = await create(`${SHOP}#top`, apiKey);

  expect([created.statusCode, again.statusCode]).toEqual([201, 200]);
  expect(created.headers.location).toBe(`/v1/webhooks/${idOf(created)}`);
  expect(created.json()).toEqual({
    id: expect.stringMatching(/^whe_[0-9a-f]{32}$/),
    url: SHOP,
    secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  expect(again.body).toBe(created.body);
});

test('shows address and creation time, but no secret', async () => {
  const apiKey = await aMerchant('hooli');
  const first = await create(`${SHOP}/1`, apiKey);
  const second = await create(`${SHOP}/2`, apiKey);

  const list = await call('GET', '/v1/webhooks', { apiKey });
  const one = await call('GET', `/v1/webhooks/${idOf(first)}`, { apiKey });

  const { secret, ...seen } = first.json<{ secret: string }>();
  expect(one.json()).toEqual({ ...seen, disabledAt: null, disabledWhy: null });
  expect(list.json<{ webhooks: { id: string }[] }>().webhooks.map(({ id }) => id)).toEqual([idOf(first), idOf(second)]);
  expect(list.body).not.toContain(secret);
});

test('says why an endpoint was disabled, and enables it when it is created again', async () => {
  const id = idOf(await create(`${SHOP}/gone`));
  await world.db.query(`update webhook_endpoints set disabled_at = now(), disabled_why = 'It answered 410 Gone.'`);
  const disabled = await call('GET', `/v1/webhooks/${id}`);

  const again = await create(`${SHOP}/gone`);

  expect(disabled.json()).toMatchObject({ disabledAt: expect.any(String), disabledWhy: 'It answered 410 Gone.' });
  expect([again.statusCode, idOf(again)]).toEqual([200, id]);
  expect((await call('GET', `/v1/webhooks/${id}`)).json()).toMatchObject({ disabledAt: null, disabledWhy: null });
});

test("answers for another tenant's endpoint as for one that does not exist, and leaves it", async () => {
  const mine = idOf(await create(`${SHOP}/mine`));
  const globex = { apiKey: 'sk_sandbox_globex' };

  for (const method of ['GET', 'DELETE'] as const) {
    const theirs = await call(method, `/v1/webhooks/${mine}`, globex);
    const nobodys = await call(method, `/v1/webhooks/whe_${'0'.repeat(32)}`, globex);
    expect([method, theirs.statusCode, theirs.body]).toEqual([method, 404, nobodys.body]);
  }
  expect((await call('GET', '/v1/webhooks', globex)).body).not.toContain(mine);
  expect((await call('GET', `/v1/webhooks/${mine}`)).statusCode).toBe(200);
});

test('gives the same address of another tenant another endpoint and secret', async () => {
  const [mine, theirs] = [await create(`${SHOP}/both`), await create(`${SHOP}/both`, 'sk_sandbox_globex')];

  expect(theirs.statusCode).toBe(201);
  expect(theirs.json<{ secret: string }>().secret).not.toBe(mine.json<{ secret: string }>().secret);
});

test('deletes an endpoint once', async () => {
  const url = `/v1/webhooks/${idOf(await create(`${SHOP}/deleted`))}`;

  const answers = [await call('DELETE', url), await call('DELETE', url), await call('GET', url)];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 404, 404]);
  expect(answers[0]?.body).toBe('');
});

test.each([
  'https://127.0.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://0x7f.1/',
  'https://2130706433/',
  'https://user@93.184.216.34/',
  'file:///etc/passwd',
  'http://93.184.216.34/',
  'no address at all',
  '\u0000',
  '\ud800',
])('refuses the address %j and stores nothing', async (url) => {
  const apiKey = await aMerchant('umbrella');

  const refused = await create(url, apiKey);

  expect([refused.statusCode, codeOf(refused)]).toEqual([422, 'webhook-address-refused']);
  expect((await call('GET', '/v1/webhooks', { apiKey })).json()).toEqual({ webhooks: [] });
});

test.each([
  {},
  { url: 1 },
  { url: '' },
  { url: [SHOP] },
  { url: 'https://x/'.padEnd(2_001, 'x') },
  { url: SHOP, secret: 'mine' },
])('refuses a body like %j by its schema', async (body) => {
  const refused = await call('POST', '/v1/webhooks', { body });

  expect([refused.statusCode, codeOf(refused)]).toEqual([400, 'invalid-request']);
});

test('refuses the twenty-first endpoint', async () => {
  const apiKey = await aMerchant('vandelay');
  for (let at = 1; at <= 20; at += 1) expect((await create(`${SHOP}/${at}`, apiKey)).statusCode).toBe(201);

  const refused = await create(`${SHOP}/21`, apiKey);

  expect([refused.statusCode, codeOf(refused)]).toEqual([409, 'too-many-webhooks']);
});

test('is for merchants only, not operators', async () => {
  const apiKey = 'sk_sandbox_operator';

  const answers = [await create(SHOP, apiKey), await call('GET', '/v1/webhooks', { apiKey })];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403]);
});
