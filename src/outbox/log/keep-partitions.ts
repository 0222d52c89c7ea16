import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { startLoop } from '../../runtime/loop';
import type { Loop } from '../../runtime/loop';
import { dropPartitions, gaveWay, makePartitions } from './partitions';

/** A day begins once a day; what gave way to somebody is tried again soon. */
const LOOK_EVERY_MS = 10 * 60_000;

/** Keeps the log's days: those ahead are made, those behind are dropped. Any number of relays may do it. */
export const keepPartitions = (db: Database, logger: Logger): Loop =>
  startLoop(
    'keep-partitions',
    async () => {
      // One that cannot be made keeps none from being dropped, and the other way round.
      const [making] = await Promise.allSettled([make(db, logger)]);
      await drop(db, logger);
      if (making.status === 'rejected') throw making.reason;
      return 0;
    },
    { restMs: LOOK_EVERY_MS, full: 1, logger },
  );

async function make(db: Database, logger: Logger): Promise<void> {
  const { adopted, gaveWay: days } = await makePartitions(db);
  if (adopted > 0) logger.info({ events: adopted }, 'days that began in the default partition have their own now');
  if (days > 0) logger.info({ days }, 'days of the log are made a little later: somebody is using it');
}

async function drop(db: Database, logger: Logger): Promise<void> {
  try {
    const { dropped, kept } = await dropPartitions(db);
    if (dropped.length > 0) logger.info({ dropped }, 'dropped old days of the log');
    if (kept.length > 0) logger.warn({ kept }, 'old days of the log stay: these sinks have not had all of them');
  } catch (error) {
    if (!gaveWay(error)) throw error;
    logger.info('old days of the log stay a little longer: somebody is using it');
  }
}
