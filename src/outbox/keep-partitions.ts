import type { Database } from '../postgres/database';
import type { Logger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import type { Loop } from '../runtime/loop';
import { dropPartitions, gaveWay, makePartitions } from './partitions';

/** A day begins once a day; a drop that gave way to somebody is tried again soon. */
const LOOK_EVERY_MS = 10 * 60_000;

/** Keeps the log's days: those ahead are made, those behind are dropped. Any number of relays may do it. */
export const keepPartitions = (db: Database, logger: Logger): Loop =>
  startLoop(
    'keep-partitions',
    async () => {
      await makePartitions(db, new Date());
      const dropped = await dropPartitions(db, new Date()).catch((error: unknown) => {
        if (!gaveWay(error)) throw error;
        logger.info('old days of the log stay a little longer: somebody is using it');
        return [];
      });
      if (dropped.length > 0) logger.info({ dropped }, 'dropped old days of the log');
      return 0;
    },
    { restMs: LOOK_EVERY_MS, full: 1, logger },
  );
