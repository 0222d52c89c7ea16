import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import type { Admin, KafkaMessage } from 'kafkajs';
import { kafkaSink } from '../../../src/outbox/sinks/kafka';
import { describeWith } from '../../support/describe-with';
import { eventually } from '../../support/eventually';
import { missingForKafka } from '../../support/kafka-jars';
import { startKafka } from '../../support/kafka-server';
import type { OwnServer } from '../../support/own-server';
import { anEvent, interleaved, parcelOf } from '../../support/parcels';
import { testSinkContract, deliverWithRetries } from '../../support/sink-contract';
import type { Stored } from '../../support/sink-contract';

/** The jars may have to be downloaded first. */
const INSTALLED_WITHIN_MS = 300_000;
/** A consumer disconnects when its fetch is over: after five seconds by default. */
const LONGEST_FETCH_MS = 100;

describeWith(missingForKafka(), 'the Kafka sink', () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startKafka();
    await createTopic('checkout-events');
  }, INSTALLED_WITHIN_MS);
  afterAll(() => server.stop());

  const kafka = () => new Kafka({ brokers: [server.address], logLevel: logLevel.NOTHING });

  async function asking<T>(ask: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = kafka().admin();
    try {
      await admin.connect();
      return await ask(admin);
    } finally {
      await admin.disconnect();
    }
  }

  const createTopic = (topic: string, settings: Readonly<Record<string, string>> = {}) => {
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    return asking((admin) => admin.createTopics({ topics: [{ topic, configEntries }], waitForLeaders: true }));
  };

  /** All messages of a topic, in order for each partition. */
  async function messages(topic: string): Promise<KafkaMessage[]> {
    // A broker that has just come back accepts connections before it leads again.
    const ends = await eventually(() => asking((admin) => admin.fetchTopicOffsets(topic)).catch(() => undefined));
    const expected = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);

    const found: KafkaMessage[] = [];
    const consumer = kafka().consumer({ groupId: randomUUID(), maxWaitTimeInMs: LONGEST_FETCH_MS });
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void found.push(message) });
    await eventually(() => found.length >= expected || undefined);
    await consumer.disconnect();
    return found;
  }

  async function read(): Promise<Stored[]> {
    return (await messages('checkout-events')).map((message) => {
      const { replay, ...headers } = headersOf(message);
      const { ce_id: id = '', ce_subject: checkoutId = '', ce_sequence: sequence } = headers;
      const whole = JSON.stringify([String(message.key), String(message.value), headers, message.timestamp]);
      return { id, checkoutId, sequence: Number(sequence), message: whole, replay };
    });
  }

  testSinkContract(() => ({ server, newSink: () => kafkaSink({ brokers: [server.address] }), read }));

  test('sends an event in binary mode, with its checkout as key', async () => {
    const event = anEvent();
    await createTopic('binary');
    const sink = kafkaSink({ brokers: [server.address], topic: 'binary' });

    await deliverWithRetries(sink, [parcelOf(event)]);
    await sink.close();

    const [message] = await messages('binary');
    expect(message?.key?.toString()).toBe(event.checkoutId);
    expect(message?.value?.toString()).toBe(event.data);
    expect(message && headersOf(message)).toEqual({
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_source: '/durable-checkout',
      ce_type: 'com.durablecheckout.payment.authorized.v1',
      ce_subject: event.checkoutId,
      ce_time: '2026-11-24T08:00:00.123456Z',
      ce_sequence: '1',
      ce_tenant: 'acme',
      ce_traceparent: event.traceparent,
    });
  });

  test('sends an event in structured mode if configured', async () => {
    const event = anEvent();
    await createTopic('structured');
    const sink = kafkaSink({ brokers: [server.address], topic: 'structured', mode: 'structured' });

    await deliverWithRetries(sink, [parcelOf(event)]);
    await sink.close();

    const [message] = await messages('structured');
    expect(message && headersOf(message)).toEqual({ 'content-type': 'application/cloudevents+json; charset=utf-8' });
    expect(JSON.parse(message?.value?.toString() ?? '')).toMatchObject({
      id: event.id,
      subject: event.checkoutId,
      data: { amount: { minor: 3000, currency: 'USD' } },
    });
  });

  test('sends in smaller batches what is too large for the topic together', async () => {
    await createTopic('small', { 'max.message.bytes': '4096' });
    const sink = kafkaSink({ brokers: [server.address], topic: 'small' });

    const outcomes = await deliverWithRetries(sink, interleaved(['chk_1'], { to: 100 }));
    await sink.close();

    expect(new Set(outcomes)).toEqual(new Set(['delivered']));
    const numbers = (await messages('small')).map((message) => Number(headersOf(message)['ce_sequence']));
    expect([...new Set(numbers)]).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
  });
});

const headersOf = ({ headers = {} }: Pick<KafkaMessage, 'headers'>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
