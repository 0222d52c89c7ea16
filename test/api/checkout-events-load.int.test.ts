import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { AppOptions } from '../../api/app';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { accepted, unwinding } from '../support/checkout-world';
import { EventReader } from '../support/event-reader';
import { eventually } from '../support/eventually';
import { listeningApi } from '../support/listening-api';

const MIB = 1024 * 1024;

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function listening(options: Partial<AppOptions> = {}) {
  const api = await listeningApi(world, options);
  open.push(api.app);
  return api;
}

test('a thousand streams use little memory, share one query per poll, and all end', async () => {
  const { api, looks } = await listening();
  const orders = [];
  for (let batch = 0; batch < 100; batch += 1) {
    orders.push(...(await Promise.all(Array.from({ length: 10 }, () => accepted(world.db)))));
  }
  const before = memory();

  const readers = await Promise.all(orders.map(({ checkoutId }) => EventReader.open(api, checkoutId)));
  await Promise.all(readers.map((reader) => reader.until(({ received }) => received.length === 1)));
  const opened = looks.made;
  await eventually(() => (looks.made >= opened + 5 ? true : undefined));
  const grown = { heap: memory().heap - before.heap, rss: memory().rss - before.rss };
  const startedAt = Date.now();
  const looksBefore = looks.made;
  for (let at = 0; at < orders.length; at += 10) {
    await Promise.all(orders.slice(at, at + 10).map((order) => world.activities.cancelOrder(unwinding(order))));
  }
  const ends = await Promise.all(readers.map((reader) => reader.end()));
  const most = (Date.now() - startedAt) / 100;

  expect(new Set(ends)).toEqual(new Set([true]));
  expect(readers.filter(({ types }) => types.join() !== 'checkout.refused')).toEqual([]);
  // The thousand clients are in this process too.
  expect(grown.heap).toBeLessThan(60 * MIB);
  expect(grown.rss).toBeLessThan(100 * MIB);
  expect(looks.mostAtOnce).toBe(1);
  // One every 100 ms, and a few extra where more than a hundred ended between two polls.
  expect(looks.made - looksBefore).toBeLessThan(most + 20);
});

function memory() {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed: heap, rss } = process.memoryUsage();
  return { heap, rss };
}

test('does not poll when nobody follows, and forgets a client that disconnects', async () => {
  const { api, looks, sockets } = await listening({ streamLimits: { most: 1 } });
  const [left, stays] = [await accepted(world.db), await accepted(world.db)];
  (await EventReader.open(api, left.checkoutId)).hangUp();
  await eventually(() => (sockets.length === 0 && looks.atOnce === 0 ? true : undefined));
  const made = looks.made;

  // Another feed that polls several times meanwhile.
  const beside = await listening();
  const reader = await EventReader.open(beside.api, stays.checkoutId);
  await eventually(() => (beside.looks.made >= 5 ? true : undefined));

  expect(looks.made).toBe(made);
  expect((await EventReader.open(api, stays.checkoutId)).status).toBe(200);
  reader.hangUp();
});

test('answers 503 when all streams are taken, 429 when one key has too many, and a 404 takes none', async () => {
  const { api } = await listening({ streamLimits: { most: 3, mostOfAKey: 2 } });
  const { checkoutId } = await accepted(world.db);
  const operator = { apiKey: 'sk_sandbox_operator' };
  for (let i = 0; i < 5; i += 1) await (await EventReader.open(api, `chk_${'0'.repeat(32)}`)).end();

  const mine = [await EventReader.open(api, checkoutId), await EventReader.open(api, checkoutId)];
  const tooMany = await EventReader.open(api, checkoutId);
  const third = await EventReader.open(api, checkoutId, operator);
  const full = await EventReader.open(api, checkoutId, operator);
  await Promise.all([tooMany.end(), full.end()]);
  mine[0]?.hangUp();
  const again = await eventually(async () => {
    const reader = await EventReader.open(api, checkoutId);
    return reader.status === 200 ? reader : undefined;
  });

  expect([tooMany, full].map(({ status, text, headers }) => [status, codeIn(text), headers['retry-after']])).toEqual([
    [429, 'too-many-requests', '5'],
    [503, 'unavailable', '5'],
  ]);
  expect([third.status, again.status]).toEqual([200, 200]);
});

const codeIn = (text: string) => (JSON.parse(text) as { code: string }).code;
