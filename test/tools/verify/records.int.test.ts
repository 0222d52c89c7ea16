import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { structured } from '../../../src/outbox/cloud-event';
import type { OutboxEvent } from '../../../src/outbox/outbox-event';
import type { Sink } from '../../../src/outbox/sink';
import { kafkaSink } from '../../../src/outbox/sinks/kafka';
import { natsSink } from '../../../src/outbox/sinks/nats';
import { redisStreamSink } from '../../../src/outbox/sinks/redis-stream';
import { ALWAYS_WHOLE, digestOf } from '../../../src/tools/verify/events/delivery';
import type { SinkRecord } from '../../../src/tools/verify/events/delivery';
import { readKafka } from '../../../src/tools/verify/events/kafka-record';
import { readNats } from '../../../src/tools/verify/events/nats-record';
import { readRedis } from '../../../src/tools/verify/events/redis-record';
import { describeWith } from '../../support/describe-with';
import { missingForKafka } from '../../support/kafka-jars';
import { startKafka } from '../../support/kafka-server';
import { startNats } from '../../support/nats-server';
import type { OwnServer } from '../../support/own-server';
import { startOwnValkey } from '../../support/own-valkey';
import { anEvent, parcelOf } from '../../support/parcels';

/** The jars may have to be downloaded first. */
const INSTALLED_WITHIN_MS = 300_000;

/** Events of one order, and more than a page of any reader. */
const MANY = Array.from({ length: 1_200 }, (_, at) => anEvent({ checkoutId: 'chk_1', sequence: at + 1 }));
/** Events of many orders, so that they are in all partitions. */
const MIXED = Array.from({ length: 1_200 }, () => anEvent());

async function deliver(sink: Sink, events: readonly OutboxEvent[]): Promise<void> {
  await sink.deliver(events.map(parcelOf));
  await sink.close();
}

const whole = async ({ deliveries, wholeSince, note }: SinkRecord) => {
  const digests: (string | undefined)[] = [];
  for await (const { event } of deliveries) digests.push(event?.digest);
  return { digests, wholeSince, note };
};

const digestsOf = (events: readonly OutboxEvent[]): string[] => events.map((event) => digestOf(structured(event)));

test('reads back from Redis what its sink wrote, page by page, to the byte', async () => {
  const valkey = await startOwnValkey();
  const place = { url: `redis://${valkey.address}`, stream: 'checkout-events' };
  await deliver(redisStreamSink(place), MANY);

  const record = await readRedis(place, whole);
  const none = await readRedis({ ...place, stream: 'nothing-here' }, whole);
  await valkey.stop();

  expect(record).toEqual({ digests: digestsOf(MANY), wholeSince: ALWAYS_WHOLE, note: undefined });
  expect(none.digests).toEqual([]);
});

test('says that a Redis stream was trimmed, and since when it is complete', async () => {
  const valkey = await startOwnValkey();
  const place = { url: `redis://${valkey.address}`, stream: 'checkout-events' };
  await deliver(redisStreamSink(place), MANY);
  const redis = new Redis(place.url);
  await redis.xtrim(place.stream, 'MAXLEN', '=', 200);
  redis.disconnect();

  const record = await readRedis(place, whole);
  await valkey.stop();

  expect(record.digests).toEqual(digestsOf(MANY.slice(-200)));
  expect(record.note).toBe('redis: the stream was trimmed to 200 of 1200 entries; earlier events cannot be checked');
  expect(Math.abs(record.wholeSince - Date.now())).toBeLessThan(60_000);
});

test('reads back from NATS what its sink wrote, to the byte', async () => {
  const nats = await startNats();
  const place = { url: `nats://${nats.address}`, stream: 'CHECKOUT_EVENTS' };

  const none = await readNats(place, whole);
  await deliver(natsSink(place), MANY);
  const record = await readNats(place, whole);
  await nats.stop();

  expect(none.digests).toEqual([]);
  expect(record).toEqual({ digests: digestsOf(MANY), wholeSince: ALWAYS_WHOLE, note: undefined });
});

test('says that a NATS stream was trimmed, and since when it is complete', async () => {
  const server = await startNats();
  const place = { url: `nats://${server.address}`, stream: 'CHECKOUT_EVENTS' };
  await deliver(natsSink(place), MANY);
  const nats = await connect({ servers: server.address });
  await (await jetstreamManager(nats)).streams.purge(place.stream, { keep: 200 });
  await nats.close();

  const record = await readNats(place, whole);
  await server.stop();

  expect(record.digests).toEqual(digestsOf(MANY.slice(-200)));
  expect(record.note).toContain('trimmed');
  expect(Math.abs(record.wholeSince - Date.now())).toBeLessThan(60_000);
});

describeWith(missingForKafka(), 'Kafka', () => {
  let kafka: OwnServer;
  beforeAll(async () => (kafka = await startKafka()), INSTALLED_WITHIN_MS);
  afterAll(() => kafka.stop());

  test.each(['binary', 'structured'] as const)('reads back from Kafka what its sink wrote in %s mode', async (mode) => {
    const place = { brokers: [kafka.address], topic: `events-${mode}` };
    const admin = new Kafka({ brokers: place.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const none = await readKafka(place, whole);
    await admin.createTopics({ topics: [{ topic: place.topic, numPartitions: 4 }], waitForLeaders: true });
    const empty = await readKafka(place, whole);
    await deliver(kafkaSink({ ...place, mode }), MIXED);

    const record = await readKafka(place, whole);
    const groups = (await admin.listGroups()).groups.filter(({ groupId }) => groupId.includes('verify'));
    await admin.disconnect();

    expect([none.digests, empty.digests]).toEqual([[], []]);
    expect(record.digests.sort()).toEqual(digestsOf(MIXED).sort());
    expect(groups).toEqual([]);
  });

  test('says that a Kafka topic was trimmed, and since when it is complete', async () => {
    const place = { brokers: [kafka.address], topic: 'trimmed-events' };
    const admin = new Kafka({ brokers: place.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: place.topic, numPartitions: 1 }], waitForLeaders: true });
    await deliver(kafkaSink(place), MANY);
    // Otherwise it does not know the partition's leader.
    await admin.fetchTopicOffsets(place.topic);
    await admin.deleteTopicRecords({ topic: place.topic, partitions: [{ partition: 0, offset: '1000' }] });
    await admin.disconnect();

    const { digests, note, wholeSince } = await readKafka(place, async (record) => ({
      ...(await whole(record)),
      wholeSince: record.wholeSince,
    }));

    expect(digests).toEqual(digestsOf(MANY.slice(-200)));
    expect(note).toContain('trimmed');
    expect(wholeSince).toBeGreaterThan(Date.parse(MANY[0]?.time ?? ''));
  });
});
