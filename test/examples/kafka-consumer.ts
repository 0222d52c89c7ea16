import type { Consumer, Kafka } from 'kafkajs';
import { processOnce } from '../../src/outbox/inbox';
import type { Database } from '../../src/postgres/database';
import type { Effect } from './effect';

const GROUP = 'mailing';

/** Consumes until it is disconnected. When the effect fails, the client continues from the same event after a moment. */
export async function consume(kafka: Kafka, { db, effect }: { db: Database; effect: Effect }): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId: GROUP });
  await consumer.subscribe({ topic: 'checkout-events', fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const attribute = (name: string) => String(message.headers?.[`ce_${name}`]);
      const [id, type, subject, sequence] = ['id', 'type', 'subject', 'sequence'].map(attribute);
      if (!id || !type || !subject || !sequence) throw new Error('Not a CloudEvent in binary mode');
      const event = { id, type, subject, sequence, data: JSON.parse(String(message.value)) as unknown };
      await db.transaction(async (tx) => {
        if (await processOnce(tx, GROUP, id)) await effect(tx, event);
      });
    },
  });
  return consumer;
}
