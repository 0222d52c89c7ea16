import { Kafka, KafkaJSProtocolError, logLevel, Partitioners } from 'kafkajs';
import type { KafkaConfig, Message, Producer } from 'kafkajs';
import { BrokerConnection } from './broker-connection';
import { attributesOf, CLOUD_EVENT_TYPE, structured } from '../cloud-event';
import type { OutboxEvent } from '../outbox-event';
import { BEHIND, DELIVERED } from '../sink';
import type { Outcome, Parcel, Sink } from '../sink';

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 4_000;
/** For finding brokers and leaders only: a topic that is created on demand takes a moment. */
const LOOK_UP = { retries: 1, initialRetryTime: 500 };
/** Every in-sync replica must acknowledge. */
const ALL_ACKS = -1;
/** The errors for a batch, which may be a single event, that exceeds the topic's `max.message.bytes` or its segment size. */
const TOO_LARGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];
const REFUSED: Outcome = { status: 'failed', reason: 'It is larger than the topic allows', retry: false };

export interface KafkaOptions extends Pick<KafkaConfig, 'ssl' | 'sasl'> {
  readonly brokers: readonly string[];
  readonly topic?: string;
  /** CloudEvents with their attributes as headers and the data as value, or everything in the value. */
  readonly mode?: 'binary' | 'structured';
}

/** Produces events to one topic, keyed by checkout: an order stays in one partition, which takes a batch as a whole or not at all. */
export function kafkaSink({ topic = 'checkout-events', mode = 'binary', ...server }: KafkaOptions): Sink {
  const connection = new BrokerConnection(
    () => connect(server),
    (producer) => producer.disconnect(),
  );
  const messageOf = mode === 'binary' ? binary : inOne;
  return {
    name: 'kafka',
    deliver: (parcels) =>
      connection.use(async (producer) => {
        const refused = await offer(parcels, (batch) =>
          producer.send({
            topic,
            acks: ALL_ACKS,
            messages: batch.map(({ event, replay }) => marked(messageOf(event), replay)),
          }),
        );
        return parcels.map(({ event: { checkoutId, sequence } }) => {
          const at = refused.get(checkoutId) ?? Infinity;
          return sequence < at ? DELIVERED : sequence === at ? REFUSED : BEHIND;
        });
      }),
    close: () => connection.close(),
  };
}

/**
 * Not an idempotent producer: that recognises only its own retries, and here only the relay retries, with another producer. Besides, when
 * one partition refuses, kafkajs renumbers what another has taken, and the broker then drops new events as duplicates.
 */
async function connect({ brokers, ...security }: Pick<KafkaOptions, 'brokers' | 'ssl' | 'sasl'>): Promise<Producer> {
  const kafka = new Kafka({
    ...security,
    clientId: 'durable-checkout',
    brokers: [...brokers],
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: LOOK_UP,
    // Everything it would log is also thrown.
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({
    maxInFlightRequests: 1,
    retry: { retries: 0 },
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return producer;
}

/** Sends them in order, and splits a batch that is too large. Returns, by checkout, the number of the event that was refused by itself. */
async function offer(
  parcels: readonly Parcel[],
  send: (batch: readonly Parcel[]) => Promise<unknown>,
  refused = new Map<string, number>(),
): Promise<ReadonlyMap<string, number>> {
  const batch = parcels.filter(({ event }) => !refused.has(event.checkoutId));
  const [first] = batch;
  if (first === undefined) return refused;
  try {
    await send(batch);
  } catch (error) {
    if (!(error instanceof KafkaJSProtocolError && TOO_LARGE.includes(error.type))) throw error;
    if (batch.length === 1) return refused.set(first.event.checkoutId, first.event.sequence);
    // Another partition may have taken its part already, which then arrives twice.
    const half = Math.ceil(batch.length / 2);
    await offer(batch.slice(0, half), send, refused);
    await offer(batch.slice(half), send, refused);
  }
  return refused;
}

const binary = (event: OutboxEvent): Message => {
  // The CloudEvents binding for Kafka prefixes each attribute, and has another name for this one.
  const header = (name: string) => (name === 'datacontenttype' ? 'content-type' : `ce_${name}`);
  const headers = Object.entries(attributesOf(event)).map(([name, value]) => [header(name), value] as const);
  return message(event, event.data, Object.fromEntries(headers));
};

const inOne = (event: OutboxEvent): Message => message(event, structured(event), { 'content-type': CLOUD_EVENT_TYPE });

const marked = (sent: Message, replay?: string): Message =>
  replay === undefined ? sent : { ...sent, headers: { ...sent.headers, replay } };

const message = (event: OutboxEvent, value: string, headers: Record<string, string>): Message => ({
  key: event.checkoutId,
  value,
  headers,
  // The event's time, not the attempt's, so that a duplicate has the same bytes.
  timestamp: String(Date.parse(event.time)),
});
