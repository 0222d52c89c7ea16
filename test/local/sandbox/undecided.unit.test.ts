import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { HTTP_PORTS } from '../../../src/adapters/http/http-ports';
import { newSecret } from '../../../src/webhooks/signature';
import { eventually } from '../../support/eventually';
import { aDataDir, listeningSandbox, sandboxClient } from '../../support/sandbox';
import { listeningApi } from './listening-api';

const secret = newSecret();
const amount = { minor: 3000n, currency: 'USD' };
const opened: { close(): Promise<unknown> }[] = [];
let orders = 0;
let api: Awaited<ReturnType<typeof listeningApi>>;

beforeAll(async () => {
  api = await listeningApi(secret);
});
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
  api.notices.length = 0;
});
afterAll(() => void api.close());

/** A sandbox that is closed after the test. */
async function setup(dataDir = aDataDir(), key = `chk_${(orders += 1)}:payment-authorized`) {
  const { app, baseUrl } = await listeningSandbox({ dataDir, secret, apiUrl: api.apiUrl });
  opened.push(app);
  const client = sandboxClient(app);
  const payments = HTTP_PORTS.payments({ url: baseUrl, secret });
  return {
    ...{ app, baseUrl, key, dataDir, payments },
    authorize: (token: string) => payments.authorize({ key, amount, token }),
    find: async () => payments.find?.({ key, amount }),
    /** The page where the customer approves. */
    page: async (token = 'tok_3ds') => {
      const answer = await payments.authorize({ key, amount, token });
      if (answer.outcome !== 'customer-action') throw new Error(`The customer is not asked: ${answer.outcome}`);
      return answer.url;
    },
    outcomes: async () =>
      (await client.journal('payments', key)).map(({ operation, outcome }) => `${operation} ${outcome}`),
  };
}

type Sandbox = Awaited<ReturnType<typeof setup>>;
const decide = async (page: string, decision: 'approve' | 'decline') =>
  (await fetch(`${page}/${decision}`, { method: 'POST', redirect: 'manual' })).status;
const isDecided = async ({ find }: Sandbox) => {
  const found = await find();
  return found?.outcome === 'pending' || found?.outcome === 'customer-action' ? undefined : found;
};
/** What the journal says that the sandbox has written, made so much older. */
function makeOlder({ dataDir }: Sandbox, ms: number): void {
  const path = join(dataDir, 'sandbox', 'payments.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  writeFileSync(path, '');
  for (const line of lines) {
    const entry = JSON.parse(line) as { at: string };
    appendFileSync(path, `${JSON.stringify({ ...entry, at: new Date(Date.parse(entry.at) - ms) })}\n`);
  }
}

test('tok_3ds asks the customer at a page, holds nothing until it is approved, then authorizes once and says so', async () => {
  const sandbox = await setup();

  const asked = await sandbox.authorize('tok_3ds');
  const again = await sandbox.authorize('tok_3ds');
  const captured = await sandbox.payments.capture({ key: sandbox.key, amount });
  const status = await decide(await sandbox.page(), 'approve');
  const found = await sandbox.find();
  const notice = await eventually(() => api.notices.at(0));

  expect(asked).toMatchObject({ outcome: 'customer-action', url: expect.stringMatching(/^http:/) });
  expect(again).toEqual(asked);
  expect(captured).toEqual({ outcome: 'rejected', reason: 'nothing-authorized' });
  expect(status).toBe(303);
  expect(found).toEqual({ outcome: 'authorized', reference: expect.stringMatching(/^auth_/) });
  expect(await sandbox.authorize('tok_3ds')).toEqual(found);
  expect(notice).toMatchObject({
    path: '/v1/providers/-/payments/webhook',
    body: { type: 'payments.changed', key: sandbox.key },
  });
  expect(await sandbox.outcomes()).toEqual([
    'authorize customer-action',
    'authorize replayed',
    'capture rejected',
    'authorize replayed',
    'authorize authorized',
    'authorize replayed',
  ]);
});

test('the address of the page says nothing about the key, and no other one leads there', async () => {
  const sandbox = await setup();
  const page = await sandbox.page();

  const other = `${page.slice(0, -1)}${page.endsWith('0') ? '1' : '0'}`;

  expect(page).not.toContain(sandbox.key.slice(0, sandbox.key.indexOf(':')));
  expect([(await fetch(other)).status, await decide(other, 'approve')]).toEqual([404, 404]);
  expect(await sandbox.find()).toMatchObject({ outcome: 'customer-action' });
});

test('two tabs that approve at once hold the money once', async () => {
  const sandbox = await setup();
  const page = await sandbox.page();

  const statuses = await Promise.all([decide(page, 'approve'), decide(page, 'approve')]);

  expect(statuses).toEqual([303, 303]);
  expect((await sandbox.outcomes()).filter((outcome) => outcome === 'authorize authorized')).toHaveLength(1);
});

test('the first decision counts', async () => {
  const [declined, approved] = [await setup(), await setup()];
  const pages = [await declined.page(), await approved.page()] as const;

  await decide(pages[0], 'decline');
  await decide(pages[1], 'approve');
  const late = [await decide(pages[0], 'approve'), await decide(pages[1], 'decline')];

  expect(late).toEqual([409, 409]);
  expect(await declined.find()).toEqual({ outcome: 'declined', reason: 'customer-declined' });
  expect(await approved.find()).toMatchObject({ outcome: 'authorized' });
});

test('an approval after the void holds nothing', async () => {
  const sandbox = await setup();
  const page = await sandbox.page();

  await sandbox.payments.void({ key: sandbox.key });
  const status = await decide(page, 'approve');

  expect(status).toBe(409);
  expect(await sandbox.find()).toEqual({ outcome: 'blocked' });
  expect(await sandbox.outcomes()).toEqual(['authorize customer-action', 'void closed']);
});

test('a void after the approval frees what is held', async () => {
  const sandbox = await setup();
  const page = await sandbox.page();

  await decide(page, 'approve');
  await sandbox.payments.void({ key: sandbox.key });

  expect(await sandbox.outcomes()).toEqual(['authorize customer-action', 'authorize authorized', 'void voided']);
  expect(await decide(page, 'approve')).toBe(409);
});

test('a customer who does not decide in time is declined, also while the sandbox is down', async () => {
  const before = await setup();
  const page = new URL(await before.page());
  await before.app.close();

  makeOlder(before, 60 * 60_000);
  const after = await setup(before.dataDir, before.key);

  expect(await eventually(() => isDecided(after))).toEqual({ outcome: 'declined', reason: 'expired' });
  expect(await decide(new URL(page.pathname, after.baseUrl).href, 'approve')).toBe(409);
});

test('a page is the same after a restart', async () => {
  const before = await setup();
  const page = new URL(await before.page());
  await before.app.close();

  const after = await setup(before.dataDir, before.key);
  const status = await decide(new URL(page.pathname, after.baseUrl).href, 'approve');

  expect(status).toBe(303);
  expect(await after.find()).toMatchObject({ outcome: 'authorized' });
});

test('tok_pending is authorized after three seconds by itself, and says so', async () => {
  const sandbox = await setup();

  const answer = await sandbox.authorize('tok_pending');
  const meanwhile = await sandbox.find();
  const notice = await eventually(() => api.notices.at(0));

  expect([answer, meanwhile]).toEqual([{ outcome: 'pending' }, { outcome: 'pending' }]);
  expect(notice).toMatchObject({ body: { type: 'payments.changed', key: sandbox.key } });
  expect(await sandbox.find()).toMatchObject({ outcome: 'authorized' });
});

test('tok_pending is decided after a restart, too, unless it was voided before', async () => {
  const [kept, voided] = [await setup(), await setup()];
  for (const sandbox of [kept, voided]) await sandbox.authorize('tok_pending');
  await voided.payments.void({ key: voided.key });
  for (const sandbox of [kept, voided]) await sandbox.app.close();
  for (const sandbox of [kept, voided]) makeOlder(sandbox, 60_000);

  const after = [await setup(voided.dataDir, voided.key), await setup(kept.dataDir, kept.key)] as const;

  expect(await eventually(() => isDecided(after[1]))).toMatchObject({ outcome: 'authorized' });
  expect(await after[0].outcomes()).toEqual(['authorize pending', 'void closed']);
});

test('tok_3ds_no_webhook is approved like tok_3ds, and nobody is told', async () => {
  const [silent, told] = [await setup(), await setup()];

  await decide(await silent.page('tok_3ds_no_webhook'), 'approve');
  await decide(await told.page(), 'approve');
  await eventually(() => api.notices.at(0));

  expect(await silent.find()).toMatchObject({ outcome: 'authorized' });
  expect(api.notices).toMatchObject([{ body: { key: told.key } }]);
});
