import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { processOnce } from '../../src/outbox/inbox';
import type { Database } from '../../src/postgres/database';
import type { CheckoutCloudEvent, Effect } from './effect';

const STREAM = 'CHECKOUT_EVENTS';
const GROUP = 'mailing';
const RETRY_AFTER_MS = 1_000;

/** Consumes until the connection is closed. */
export async function consume(nats: NatsConnection, { db, effect }: { db: Database; effect: Effect }): Promise<void> {
  const manager = await jetstreamManager(nats);
  // One at a time: otherwise later events of an order would overtake one that is retried.
  const inOrder = { ack_policy: AckPolicy.Explicit, max_ack_pending: 1 };
  await manager.consumers.add(STREAM, { durable_name: GROUP, ...inOrder });
  const consumer = await manager.jetstream().consumers.get(STREAM, GROUP);
  for await (const message of await consumer.consume()) {
    const event = message.json<CheckoutCloudEvent>();
    const done = db.transaction(async (tx) => {
      if (await processOnce(tx, GROUP, event.id)) await effect(tx, event);
    });
    await done.then(
      () => message.ack(),
      () => message.nak(RETRY_AFTER_MS),
    );
  }
}
