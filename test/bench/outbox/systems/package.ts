import { Redis } from 'ioredis';
import { pgTransactionalOutbox, TABLES } from '../pg-transactional-outbox';
import type { Message } from '../pg-transactional-outbox';
import type { Start } from '../system';

/** Concurrent messages, each on its own connection. */
const CONNECTIONS = 20;

/**
 * The npm package `pg-transactional-outbox` at its fastest: the replication listener instead of polling, no protection against poison
 * messages, and many messages concurrently, although that does not keep the events of an order in order. In two of our runs some events
 * never arrived; they are left out of its latencies.
 */
export const viaPackage: Start = async ({ databaseUrl, redisUrl, stream }) => {
  const outbox = pgTransactionalOutbox();
  const redis = new Redis(redisUrl);
  const [shutdown] = outbox.initializeReplicationMessageListener(
    {
      outboxOrInbox: 'outbox',
      dbListenerConfig: { connectionString: databaseUrl, max: CONNECTIONS },
      settings: {
        dbSchema: TABLES.schema,
        dbTable: TABLES.table,
        dbPublication: TABLES.publication,
        dbReplicationSlot: TABLES.replicationSlot,
        enableMaxAttemptsProtection: false,
        enablePoisonousMessageProtection: false,
        messageCleanupIntervalInMs: 0,
      },
    },
    { handle: async (message) => void (await redis.xadd(stream, '*', 'id', message.id, 'event', bodyOf(message))) },
    outbox.getDisabledLogger(),
    { concurrencyStrategy: outbox.createReplicationSemaphoreConcurrencyController(CONNECTIONS) },
  );
  return {
    stop: async () => {
      await shutdown();
      redis.disconnect();
    },
  };
};

const bodyOf = ({ id, messageType, aggregateId, createdAt, metadata, payload }: Message): string =>
  JSON.stringify({ id, type: messageType, subject: aggregateId, time: createdAt, ...metadata, data: payload });
