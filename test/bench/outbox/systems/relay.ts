import { pino } from 'pino';
import { Relay } from '../../../../src/outbox/relay/relay';
import { redisStreamSink } from '../../../../src/outbox/sinks/redis-stream';
import { openDatabase } from '../../../../src/postgres/database';
import type { Start } from '../system';

const CONNECTIONS = 10;

/** Ours, as the relay process assembles it. */
export const relay: Start = async ({ databaseUrl, redisUrl, stream }) => {
  const db = openDatabase(databaseUrl, { connections: CONNECTIONS, onIdleError: () => undefined });
  const sink = redisStreamSink({ url: redisUrl, stream });
  const logger = pino({ level: 'warn' });
  const running = new Relay({ db, sinks: [sink], logger });
  await running.start();
  return {
    stop: async () => {
      await running.stop();
      await sink.close();
      await db.close();
    },
  };
};
