import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Kafka, logLevel } from 'kafkajs';
import type { Batch, KafkaMessage } from 'kafkajs';
import type { KafkaConnectionInfo } from '../connections';
import { inStructuredMode } from './binary-mode';
import { ALWAYS_WHOLE, CLOCKS_DIFFER_MS, deliveryOf } from './delivery';
import type { Delivery, SinkRecord } from './delivery';

const CONNECT_TIMEOUT_MS = 5_000;

/** All partitions of the topic, from the beginning to their current end. All events of an order are in one partition, in order. */
export async function readKafka<T>(place: KafkaConnectionInfo, work: (record: SinkRecord) => Promise<T>): Promise<T> {
  const kafka = new Kafka({
    clientId: 'durable-checkout-verify',
    brokers: [...place.brokers],
    connectionTimeout: CONNECT_TIMEOUT_MS,
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  const groupId = `durable-checkout-verify-${randomUUID()}`;
  await admin.connect();
  try {
    const exists = (await admin.listTopics()).includes(place.topic);
    const partitions = exists ? await admin.fetchTopicOffsets(place.topic) : [];
    const reading = new Reading(kafka, groupId, place.topic, partitions);
    try {
      return await work(reading);
    } finally {
      await reading.close();
      await admin.deleteGroups([groupId]).catch(() => undefined); // Kafka forgets an unused group by itself
    }
  } finally {
    await admin.disconnect();
  }
}

interface Extent {
  readonly partition: number;
  readonly low: string;
  readonly high: string;
}

class Reading implements SinkRecord {
  wholeSince = ALWAYS_WHOLE;
  readonly note: string | undefined;
  readonly #consumer;
  readonly #trimmed: Set<number>;
  readonly #open: Map<number, bigint>;
  readonly #read = new Map<number, bigint>();
  /** The client pushes batches: a pipe that holds one makes the next one wait. */
  readonly #batches = new PassThrough({ objectMode: true, highWaterMark: 1 });

  constructor(
    kafka: Kafka,
    groupId: string,
    readonly topic: string,
    partitions: readonly Extent[],
  ) {
    this.#consumer = kafka.consumer({ groupId });
    this.#trimmed = new Set(partitions.filter(({ low }) => low !== '0').map(({ partition }) => partition));
    const filled = partitions.filter(({ low, high }) => low !== high);
    this.#open = new Map(filled.map(({ partition, high }) => [partition, BigInt(high)]));
    if (this.#trimmed.size > 0) this.note = 'kafka: the topic was trimmed; earlier events cannot be checked';
  }

  get deliveries(): AsyncIterable<Delivery> {
    return this.#messages();
  }

  async close(): Promise<void> {
    this.#batches.destroy();
    await this.#consumer.disconnect();
  }

  async *#messages(): AsyncGenerator<Delivery> {
    if (this.#open.size === 0) return;
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic: this.topic, fromBeginning: true });
    this.#consumer.on('consumer.crash', ({ payload }) => {
      // The group's coordinator may still be loading: then the consumer restarts by itself.
      if (!payload.restart) this.#batches.destroy(payload.error);
    });
    await this.#consumer.run({ eachBatch: ({ batch }) => this.#take(batch) });
    for await (const batch of this.#batches) {
      for (const message of this.#unread(batch as Batch)) yield this.#deliveryOf(batch as Batch, message);
    }
  }

  async #take(batch: Batch): Promise<void> {
    if (!this.#batches.writable) return;
    const room = this.#batches.write(batch);
    const end = this.#open.get(batch.partition);
    if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) this.#open.delete(batch.partition);
    if (this.#open.size === 0) this.#batches.end();
    else if (!room) await Promise.race([once(this.#batches, 'drain'), once(this.#batches, 'close')]);
  }

  /** A restarted consumer gets again what it had read. */
  #unread({ partition, messages }: Batch): KafkaMessage[] {
    const read = this.#read.get(partition) ?? -1n;
    const last = messages.at(-1);
    if (last && BigInt(last.offset) > read) this.#read.set(partition, BigInt(last.offset));
    return messages.filter(({ offset }) => BigInt(offset) > read);
  }

  #deliveryOf({ partition }: Batch, { offset, value, headers, timestamp }: KafkaMessage): Delivery {
    // A message carries the time of its event: the first one left says since when the record is whole.
    if (this.#trimmed.delete(partition)) {
      this.wholeSince = Math.max(this.wholeSince, Number(timestamp) + CLOCKS_DIFFER_MS);
    }
    return deliveryOf(`${this.topic} ${partition}/${offset}`, inStructuredMode(String(value), headers ?? {}));
  }
}
