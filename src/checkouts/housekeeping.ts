import { dropTombstones, RETENTION_BATCH } from '../idempotency/retention';
import type { Database } from '../postgres/database';
import type { Logger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import { forgetAnswers } from './forget-answers';
import { sweepUnstarted } from './sweep-unstarted';
import type { Workflows } from './workflows';

/** Adds up to a second to the wait of a checkout whose API died, which nobody notices. */
const SWEEP_REST_MS = 1_000;
/** Answers are kept for days: a minute is soon enough. */
const RETENTION_REST_MS = 60_000;

interface Needed {
  readonly db: Database;
  readonly workflows: Workflows;
  readonly logger: Logger;
}

/**
 * The background loops: start what was not started, forget what is old. Each API and each worker runs them, so no checkout waits for an
 * API that keeps crashing. Any number of them may run concurrently.
 */
export function startHousekeeping({ db, workflows, logger }: Needed) {
  const retention = { restMs: RETENTION_REST_MS, full: RETENTION_BATCH, logger };
  const loops = [
    startLoop('sweep-unstarted', () => sweepUnstarted(db, workflows), { restMs: SWEEP_REST_MS, full: 1, logger }),
    startLoop('forget-answers', () => forgetAnswers(db), retention),
    startLoop('drop-tombstones', () => dropTombstones(db), retention),
  ];
  return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}
