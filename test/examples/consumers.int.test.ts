import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { structured } from '../../src/outbox/cloud-event';
import type { Parcel, Sink } from '../../src/outbox/sink';
import { kafkaSink } from '../../src/outbox/sinks/kafka';
import { natsSink } from '../../src/outbox/sinks/nats';
import { redisStreamSink } from '../../src/outbox/sinks/redis-stream';
import { anOrder } from '../support/builders';
import { describeWith } from '../support/describe-with';
import { eventually } from '../support/eventually';
import { missingForKafka } from '../support/kafka-jars';
import { startKafka } from '../support/kafka-server';
import { startNats } from '../support/nats-server';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';
import { startOwnValkey } from '../support/own-valkey';
import { interleaved } from '../support/parcels';
import type { Effect } from './effect';
import { consume as consumeKafka } from './kafka-consumer';
import { consume as consumeNats } from './nats-consumer';
import { consume as consumeRedis } from './redis-streams-consumer';

const LAST = 6;
const INSTALLED_WITHIN_MS = 300_000;

let world: OutboxWorld;
beforeAll(async () => {
  world = await outboxWorld();
  await world.db.query(`create table mails (position serial, checkout_id text, sequence bigint)`);
});
afterAll(() => world.close());

const effect: Effect = async (tx, { subject, sequence }) => {
  await tx.query(`insert into mails (checkout_id, sequence) values ($1, $2)`, [subject, sequence]);
};

/** Applies the effect, and then fails once for each order's event 3: the effect is rolled back, and the event comes again. */
function failingOnce(): Effect {
  const failed = new Set<string>();
  return async (tx, event) => {
    await effect(tx, event);
    if (event.sequence !== '3' || failed.has(event.id)) return;
    failed.add(event.id);
    throw new Error('It fails the first time');
  };
}

/** Delivers five events of each order, the same five again, and then a sixth: a consumer that has the sixth has met the duplicates. */
async function deliverTwice(sink: Sink, orders: readonly string[], again?: (five: readonly Parcel[]) => Promise<void>) {
  const five = interleaved(orders, { to: LAST - 1 });
  const deliver = (parcels: readonly Parcel[]) => eventually(() => sink.deliver(parcels).catch(() => undefined));
  await deliver(five);
  await deliver(five);
  await again?.(five);
  await deliver(interleaved(orders, { from: LAST, to: LAST }));
  await sink.close();
}

/** The effects on each order, in order, once the consumer has reached the last event of each. */
const effectsOn = (orders: readonly string[]) =>
  eventually(async () => {
    const { rows } = await world.db.query<{ numbers: number[] }>(
      `select array_agg(sequence::int order by position) as numbers from mails
        where checkout_id = any ($1) group by checkout_id`,
      [orders],
    );
    const numbers = rows.map((row) => row.numbers);
    return numbers.length === orders.length && numbers.every((each) => each.includes(LAST)) ? numbers : undefined;
  });

const once = (orders: readonly string[]) => orders.map(() => Array.from({ length: LAST }, (_, at) => at + 1));

const someOrders = () => Array.from({ length: 5 }, () => anOrder().checkoutId);

describe('applies each event once and in order, although it comes twice', () => {
  test('with a Redis consumer group', async () => {
    const orders = someOrders();
    const server = await startOwnValkey();
    const url = `redis://${server.address}`;
    await deliverTwice(redisStreamSink({ url }), orders);

    const redis = new Redis(url);
    const stop = new AbortController();
    const consumer = { db: world.db, effect: failingOnce() };
    const consuming = (async () => {
      while (!stop.signal.aborted) await consumeRedis(redis, consumer, stop.signal).catch(() => undefined);
    })();

    expect(await effectsOn(orders)).toEqual(once(orders));
    stop.abort();
    await consuming;
    redis.disconnect();
    await server.stop();
  });

  test('with JetStream', async () => {
    const orders = someOrders();
    const server = await startNats();
    const nats = await connect({ servers: server.address });
    // JetStream itself drops duplicates by their id, so these come without one.
    await deliverTwice(natsSink({ url: `nats://${server.address}` }), orders, async (five) => {
      const client = jetstream(nats);
      for (const { event } of five) await client.publish(`checkout.events.${event.checkoutId}`, structured(event));
    });

    const consuming = consumeNats(nats, { db: world.db, effect: failingOnce() });

    expect(await effectsOn(orders)).toEqual(once(orders));
    await nats.close();
    await consuming;
    await server.stop();
  });
});

describeWith(missingForKafka(), 'with a Kafka consumer group', () => {
  test(
    'applies each event once and in order, although it comes twice',
    async () => {
      const orders = someOrders();
      const server = await startKafka();
      await deliverTwice(kafkaSink({ brokers: [server.address] }), orders);
      const kafka = new Kafka({ brokers: [server.address], logLevel: logLevel.NOTHING });

      const consumer = await consumeKafka(kafka, { db: world.db, effect: failingOnce() });

      expect(await effectsOn(orders)).toEqual(once(orders));
      await consumer.disconnect();
      await server.stop();
    },
    INSTALLED_WITHIN_MS,
  );
});
