import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { webhooksSink } from '../../src/outbox/sinks/webhooks';
import { EndpointDirectory } from '../../src/webhooks/endpoint-directory';
import { webhookEndpoints } from '../../src/webhooks/endpoints';
import { webhookSender } from '../../src/webhooks/send';
import { MOST_SOCKETS } from '../../src/webhooks/sockets';
import { eventually } from '../support/eventually';
import { HOSTILITIES, hostileReceiver } from '../support/hostile-receiver';
import type { Hostility } from '../support/hostile-receiver';
import { relayWorld } from '../support/relays';
import type { RelayWorld } from '../support/relays';
import { listeningReceiver } from '../webhooks/receiver';
import type { ReceiverOptions } from '../webhooks/receiver';

/** Longer than the test's own timeout: nothing here goes on because a timeout has passed. */
const NEVER_MS = 120_000;
const rules = { allowPrivate: true };

let world: RelayWorld;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => (world = await relayWorld()));
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await world.stopAll();
  await world.db.query(`truncate webhook_endpoints, outbox_parked, outbox_cursors, outbox_events`);
});
afterAll(() => world.close());

async function endpointOf(tenant: string, port: number): Promise<string> {
  const creation = await webhookEndpoints(world.db, rules).create(tenant, `http://127.0.0.1:${port}/hooks`);
  if (!('endpoint' in creation)) throw new Error(creation.outcome);
  return creation.endpoint.id;
}

async function shopOf(tenant: string, answer?: ReceiverOptions['answer']) {
  const shop = await listeningReceiver(answer ? { answer } : {});
  open.push(shop);
  const target = await endpointOf(tenant, shop.port);
  const got = () => shop.received.map(({ body }) => JSON.parse(body) as { subject: string; sequence: string });
  /** The sequence numbers of an order's events, as they arrived. */
  const numbersOf = (order: string) => got().flatMap((one) => (one.subject === order ? Number(one.sequence) : []));
  const has = (order: string, last: number) => eventually(() => (numbersOf(order).includes(last) ? true : undefined));
  return { target, numbersOf, has };
}

async function hostileShopOf(tenant: string, hostility: Hostility = 'dead') {
  const shop = await hostileReceiver(hostility);
  open.push(shop);
  return { ...shop, target: await endpointOf(tenant, shop.port) };
}

async function relaying(timeoutMs = NEVER_MS) {
  const endpoints = new EndpointDirectory(world.db, Date.now);
  const sink = webhooksSink({ endpoints, send: webhookSender({ ...rules, timeoutMs, now: () => new Date() }) });
  open.unshift(sink);
  await world.start([sink]);
}

/** All orders are in one lane. */
const orderOf = (tenant: string) => world.newCheckout(0, tenant);

async function emitted(tenant: string, events = 1): Promise<string> {
  const order = await orderOf(tenant);
  await world.emit(order, events);
  return order;
}

test("one tenant's dead endpoint does not delay the others' events, even while its requests are open", async () => {
  const dead = await hostileShopOf('acme');
  const shop = await shopOf('globex');
  await relaying();
  await emitted('acme', 3);
  await eventually(() => (dead.open() > 0 ? true : undefined));

  for (let round = 0; round < 10; round += 1) {
    await emitted('acme', 2);
    const order = await emitted('globex', 3);
    await shop.has(order, 3);
    expect(shop.numbersOf(order)).toEqual([1, 2, 3]);
    expect(dead.open()).toBeGreaterThan(0);
  }
});

test('parked events of one endpoint do not wait for those of another', async () => {
  const dead = await hostileShopOf('acme');
  let well = false;
  const shop = await shopOf('globex', () => (well ? 204 : 500));
  await relaying();
  await emitted('acme');
  const order = await emitted('globex', 2);
  await eventually(async () => {
    const { rows } = await world.db.query(`select from outbox_parked where target = $1 and attempts > 0`, [
      shop.target,
    ]);
    return rows.length > 0 && dead.open() > 0 ? true : undefined;
  });

  well = true;
  await world.db.query(`update outbox_parked set next_attempt_at = now() where attempts > 0`);
  await shop.has(order, 2);

  expect(dead.open()).toBeGreaterThan(0);
});

test.each(HOSTILITIES)(
  'an endpoint that answers with %s does not delay others, and gets its parked orders when it works again',
  async (how) => {
    const hostile = await hostileShopOf('acme', how);
    const shop = await shopOf('globex');
    await relaying(300);
    const orders = [await emitted('acme', 2), await emitted('acme', 2)];
    await eventually(() => (hostile.requests() > 0 ? true : undefined));
    const order = await emitted('globex', 2);
    await shop.has(order, 2);

    hostile.behave('well');
    const parkedOf = async () => {
      const { rows } = await world.db.query(
        `update outbox_parked set next_attempt_at = now() where attempts > 0 returning 1`,
      );
      const { rows: left } = await world.db.query(`select from outbox_parked`);
      return rows.length + left.length === 0 ? true : undefined;
    };
    await eventually(parkedOf);
    await eventually(() => (hostile.open() === 0 && hostile.requests() >= orders.length * 2 ? true : undefined));
  },
);

test('a slow endpoint gets each event once and in order, although no page waits for it', async () => {
  const slow = await shopOf('acme', (_, response) => void setTimeout(() => response.writeHead(204).end(), 400));
  const shop = await shopOf('globex');
  await relaying();
  const order = await emitted('acme', 4);
  const other = await emitted('globex', 4);

  await shop.has(other, 4);
  await slow.has(order, 4);
  await eventually(async () => {
    const { rows } = await world.db.query(`select from outbox_parked`);
    return rows.length === 0 ? true : undefined;
  });

  expect(slow.numbersOf(order)).toEqual([1, 2, 3, 4]);
});

test('a dead endpoint has few open sockets, however many orders wait for it', async () => {
  const dead = await hostileShopOf('acme');
  const shop = await shopOf('globex');
  await relaying();
  for (let shard = 0; shard < 8; shard += 1) {
    for (let order = 0; order < 10; order += 1) await world.emit(await world.newCheckout(shard, 'acme'));
  }
  const orders = await Promise.all(Array.from({ length: 8 }, (_, shard) => world.newCheckout(shard, 'globex')));
  await Promise.all(orders.map((order) => world.emit(order)));
  for (const order of orders) await shop.has(order, 1);

  expect(dead.mostOpen()).toBeGreaterThan(0);
  expect(dead.mostOpen()).toBeLessThanOrEqual(MOST_SOCKETS.endpoint);
});
