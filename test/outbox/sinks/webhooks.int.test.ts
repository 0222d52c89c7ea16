import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { structured } from '../../../src/outbox/cloud-event';
import type { OutboxEvent } from '../../../src/outbox/outbox-event';
import type { Parcel } from '../../../src/outbox/sink';
import { webhooksSink } from '../../../src/outbox/sinks/webhooks';
import { openDatabase } from '../../../src/postgres/database';
import type { Database } from '../../../src/postgres/database';
import { EndpointDirectory } from '../../../src/webhooks/endpoint-directory';
import { webhookEndpoints } from '../../../src/webhooks/endpoints';
import { webhookSender } from '../../../src/webhooks/send';
import type { SendWebhook } from '../../../src/webhooks/send';
import { anOrder } from '../../support/builders';
import { anEvent } from '../../support/parcels';
import { createTestDatabase } from '../../support/template-database';
import type { TestDatabase } from '../../support/template-database';
import { rebinding } from '../../webhooks/attacks';
import { certificateFor, listeningReceiver } from '../../webhooks/receiver';
import type { Received, ReceiverOptions } from '../../webhooks/receiver';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url, { connections: 5, onIdleError: () => undefined });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const HOST = 'hooks.shop.invalid';
const certificate = certificateFor(HOST);
const rules = { allowPrivate: true, resolve: rebinding('127.0.0.1').ask, now: () => new Date() };

function setup({ besideMs = 60_000 } = {}) {
  const tenant: string = randomUUID();
  const endpoints = webhookEndpoints(db, rules);
  const directory = new EndpointDirectory(db, Date.now);
  const senderWith = (timeoutMs: number) => webhookSender({ ...rules, timeoutMs, ca: certificate.cert });
  const [longTimeout, shortTimeout] = [senderWith(60_000), senderWith(500)];
  // A short timeout only for endpoints that never answer anyway, since this machine may be busy.
  const send: SendWebhook = (to, message) => (to.url.endsWith('/dead') ? shortTimeout : longTimeout)(to, message);
  const sink = webhooksSink({ endpoints: directory, send, besideMs });
  const shop = async (answer: ReceiverOptions['answer'] = () => 204, path = '/hooks') => {
    const listening = await listeningReceiver({ answer, certificate });
    open.push(listening);
    const creation = await endpoints.create(tenant, `https://${HOST}:${listening.port}${path}`);
    if (!('endpoint' in creation)) throw new Error(creation.outcome);
    return { ...listening, target: creation.endpoint.id };
  };
  const order = (events: number, of = tenant): OutboxEvent[] => {
    const { checkoutId } = anOrder();
    return Array.from({ length: events }, (_, at) => anEvent({ tenant: of, checkoutId, sequence: at + 1 }));
  };
  return { tenant, endpoints, sink, shop, order };
}

const to = (target: string, events: readonly OutboxEvent[]): Parcel[] => events.map((event) => ({ event, target }));
const read = ({ body }: Received) => JSON.parse(body) as { subject: string; sequence: string };
const sequencesOf = (received: readonly Received[], { checkoutId }: OutboxEvent) =>
  received
    .map(read)
    .filter(({ subject }) => subject === checkoutId)
    .map(({ sequence }) => Number(sequence));
const first = (events: readonly OutboxEvent[]): OutboxEvent => events[0] ?? anEvent();

test('sends an event to the enabled endpoints of its tenant', async () => {
  const { sink, shop, order } = setup();
  const [one, other] = [await shop(), await shop()];
  await setup().shop();

  expect(await sink.targetsOf?.(first(order(1)))).toEqual([one.target, other.target].sort());
  expect(await sink.targetsOf?.(first(order(1, 'nobody')))).toEqual([]);
});

test("delivers orders concurrently and each order's events in sequence, with the exact bytes of the envelope", async () => {
  const { sink, shop, order } = setup();
  const { target, received } = await shop();
  const orders = Array.from({ length: 12 }, () => order(6));
  // As in the log, with the orders interleaved.
  const page = Array.from({ length: 6 }, (_, at) => orders.map((events) => events[at] ?? first(events))).flat();

  const outcomes = await sink.deliver(to(target, page));

  expect(outcomes).toEqual(page.map(() => ({ status: 'delivered' })));
  for (const events of orders) expect(sequencesOf(received, first(events))).toEqual([1, 2, 3, 4, 5, 6]);
  expect(new Set(received.map(({ body }) => body))).toEqual(new Set(page.map(structured)));
  expect(received[0]?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
});

test('sends a replay as the same request plus a header that names it', async () => {
  const { sink, shop, order } = setup();
  const { target, received } = await shop();
  const events = order(2);

  await sink.deliver(to(target, events));
  await sink.deliver(to(target, events).map((parcel) => ({ ...parcel, replay: 'replay-1' })));

  const [first, again] = [received.slice(0, 2), received.slice(2)];
  expect(again.map(({ body }) => body)).toEqual(first.map(({ body }) => body));
  expect(again.map(({ headers }) => headers['webhook-id'])).toEqual(events.map(({ id }) => id));
  expect(received.map(({ headers }) => headers['webhook-replay'])).toEqual([
    ...[undefined, undefined],
    ...['replay-1', 'replay-1'],
  ]);
});

test('after a failed event, only its order waits', async () => {
  const { sink, shop, order } = setup();
  const [sick, well] = [order(3), order(3)];
  const failing = await shop((got) =>
    read(got).subject === first(sick).checkoutId && read(got).sequence === '2' ? 500 : 204,
  );
  const healthy = await shop();

  const outcomes = await sink.deliver([
    ...to(failing.target, sick),
    ...to(failing.target, well),
    ...to(healthy.target, sick),
  ]);

  const failed = { status: 'failed', reason: 'It answered with status 500.', retry: true };
  expect(outcomes.slice(0, 3)).toEqual([{ status: 'delivered' }, failed, { status: 'behind' }]);
  expect(outcomes.slice(3)).toEqual(Array(6).fill({ status: 'delivered' }));
  expect(sequencesOf(failing.received, first(sick))).toEqual([1, 2]);
  expect(sequencesOf(healthy.received, first(sick))).toEqual([1, 2, 3]);
});

test('a dead endpoint costs one timeout per page, however many orders wait for it', async () => {
  const { sink, shop, order } = setup();
  const dead = await shop(() => undefined, '/dead');
  const alive = await shop();
  const orders = Array.from({ length: 60 }, () => order(2));

  const outcomes = await sink.deliver(
    orders.flatMap((events) => [...to(dead.target, events), ...to(alive.target, events)]),
  );

  // Only the requests that were under way when the first one timed out.
  expect(dead.connections()).toBeLessThanOrEqual(8);
  expect(alive.received).toHaveLength(120);
  const ofTheDead = outcomes.filter((_, at) => at % 4 < 2);
  expect(ofTheDead.filter((_, at) => at % 2 === 1)).toEqual(Array(60).fill({ status: 'behind' }));
  expect(ofTheDead[118]).toEqual({
    ...{ status: 'failed', retry: true },
    reason: 'Not tried, because the endpoint is not answering: It did not answer within 0.5 s.',
  });
});

test('defers the rest for an endpoint that always answers just in time, and counts no attempt', async () => {
  const { sink, shop, order } = setup({ besideMs: 200 });
  const { target, received } = await shop((_, response) => void setTimeout(() => response.writeHead(204).end(), 50));
  const events = order(50);

  const outcomes = await sink.deliver(to(target, events));

  expect(outcomes.filter(({ status }) => status === 'delivered')).toHaveLength(received.length);
  expect(outcomes[received.length]).toEqual({ status: 'later', reason: 'Its endpoint takes too long' });
  expect(new Set(outcomes.slice(received.length + 1).map(({ status }) => status))).toEqual(new Set(['behind']));
});

test('410 disables the endpoint: nothing more is sent, and nothing is owed', async () => {
  const { sink, shop, order, endpoints, tenant } = setup();
  const { target, received } = await shop(() => 410);

  const outcomes = await sink.deliver(to(target, order(5)));

  expect(outcomes).toEqual(Array(5).fill({ status: 'unwanted' }));
  expect(received).toHaveLength(1);
  expect(await endpoints.find(tenant, target)).toMatchObject({ disabledWhy: 'It answered 410 Gone.' });
  expect(await sink.targetsOf?.(first(order(1)))).toEqual([]);
});

test('treats what waits for a deleted endpoint as unwanted', async () => {
  const { sink, shop, order, endpoints, tenant } = setup();
  const { target, received } = await shop();
  await endpoints.remove(tenant, target);

  expect(await sink.deliver(to(target, order(2)))).toEqual(Array(2).fill({ status: 'unwanted' }));
  expect(received).toEqual([]);
});

test('does not call an address that has become private', async () => {
  const { shop, order } = setup();
  const { target, connections } = await shop();
  const send = webhookSender({ ...rules, allowPrivate: false });
  const sink = webhooksSink({ endpoints: new EndpointDirectory(db, Date.now), send });

  const outcomes = await sink.deliver(to(target, order(1)));

  expect(outcomes).toMatchObject([{ status: 'failed', reason: expect.stringContaining('not public'), retry: true }]);
  expect(connections()).toBe(0);
});

test('throws without Postgres, so the whole page is retried', async () => {
  const { order, shop } = setup();
  const { target } = await shop();
  const away = openDatabase(database.url, { connections: 1, onIdleError: () => undefined });
  await away.close();
  const send = webhookSender(rules);
  const sink = webhooksSink({ endpoints: new EndpointDirectory(away, Date.now), send });

  await expect(sink.deliver(to(target, order(2)))).rejects.toThrow('after calling end on the pool');
});

test('retries a failed event nine times over about three days, with a little delay added, and then stops', () => {
  const { sink } = setup();
  const plannedMs = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map((seconds) => seconds * 1_000);

  plannedMs.forEach((planned, at) => {
    const afterMs = sink.retryAfterMs?.(at + 1) ?? 0;
    expect(afterMs).toBeGreaterThanOrEqual(planned);
    expect(afterMs).toBeLessThanOrEqual(planned * 1.1);
  });
  expect(sink.retryAfterMs?.(10)).toBeUndefined();
});
