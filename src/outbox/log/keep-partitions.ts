import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { startLoop } from '../../runtime/loop';
import type { Loop } from '../../runtime/loop';
import { dropPartitions, gaveWay, makePartitions } from './partitions';

/** A new day comes once a day, but what gave way to a lock is retried soon. */
const LOOK_EVERY_MS = 10 * 60_000;

/** Creates the log's days ahead of time, and drops the old ones. Any number of relays may run it. */
export const keepPartitions = (db: Database, logger: Logger): Loop =>
  startLoop(
    'keep-partitions',
    async () => {
      // If one cannot be created, old ones are dropped all the same, and vice versa.
      const [making] = await Promise.allSettled([make(db, logger)]);
      await drop(db, logger);
      if (making.status === 'rejected') throw making.reason;
      return 0;
    },
    { restMs: LOOK_EVERY_MS, full: 1, logger },
  );

async function make(db: Database, logger: Logger): Promise<void> {
  const { adopted, gaveWay: days } = await makePartitions(db);
  if (adopted > 0) logger.info({ events: adopted }, 'moved events from the default partition to their days');
  if (days > 0) logger.info({ days }, 'days of the log are created later: the log is locked');
}

async function drop(db: Database, logger: Logger): Promise<void> {
  try {
    const { dropped, kept } = await dropPartitions(db);
    if (dropped.length > 0) logger.info({ dropped }, 'dropped old days of the log');
    if (kept.length > 0) logger.warn({ kept }, 'old days of the log stay: these sinks still need them');
  } catch (error) {
    if (!gaveWay(error)) throw error;
    logger.info('old days of the log stay a little longer: the log is locked');
  }
}
