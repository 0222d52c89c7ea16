import { randomUUID } from 'node:crypto';
import { noteHostClock } from '../postgres/host-clocks';
import type { Database } from '../postgres/database';
import { DatabaseClock } from '../postgres/database-clock';
import type { Logger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import type { Loop } from '../runtime/loop';

const LOOK_EVERY_MS = 30_000;
/** A synchronised host is never this far off; from here on logs, certificates and people suffer. */
const OFF_MS = 3_000;

interface Watched {
  readonly db: Database;
  readonly logger: Logger;
  readonly clock?: DatabaseClock;
}

/** Reports when this host's clock differs from the database's: in the log, and in a row that becomes a metric. It decides nothing. */
export function watchClock(
  kind: 'api' | 'worker' | 'service' | 'relay',
  { db, logger, clock = new DatabaseClock(db) }: Watched,
): Loop {
  const process = randomUUID();
  let wasOff = false;
  const look = async () => {
    const { hostAheadMs, uncertainMs } = await clock.measure();
    const aheadSeconds = Number((hostAheadMs / 1_000).toFixed(1));
    const isOff = Math.abs(hostAheadMs) - uncertainMs > OFF_MS;
    if (isOff && !wasOff)
      logger.warn({ aheadSeconds }, "this host's clock is off: correct it; the database's clock decides");
    if (!isOff && wasOff) logger.info({ aheadSeconds }, "this host's clock is right again");
    wasOff = isOff;
    await noteHostClock(db, { process, kind, aheadSeconds });
    return 0;
  };
  return startLoop('watch-clock', look, { restMs: LOOK_EVERY_MS, full: 1, logger });
}
