import { randomUUID } from 'node:crypto';
import { noteHostClock } from '../postgres/host-clocks';
import type { Database } from '../postgres/database';
import { DatabaseClock } from '../postgres/database-clock';
import type { Logger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import type { Loop } from '../runtime/loop';

const LOOK_EVERY_MS = 30_000;
/** What a host that keeps its time is never off by, and what logs, certificates and people begin to suffer from. */
const OFF_MS = 3_000;

interface Watched {
  readonly db: Database;
  readonly logger: Logger;
  readonly clock?: DatabaseClock;
}

/** Says so when this host's clock and the database's part: in the log, and in a row that a metric is made of. It decides nothing. */
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
      logger.warn({ aheadSeconds }, "this host's clock is off: put it right; the database's decides");
    if (!isOff && wasOff) logger.info({ aheadSeconds }, "this host's clock is right again");
    wasOff = isOff;
    await noteHostClock(db, { process, kind, aheadSeconds });
    return 0;
  };
  return startLoop('watch-clock', look, { restMs: LOOK_EVERY_MS, full: 1, logger });
}
