import { dropTombstones, RETENTION_BATCH } from '../idempotency/retention';
import type { Database } from '../postgres/database';
import type { Logger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import { forgetAnswers } from './forget-answers';
import { sweepUnstarted } from './sweep-unstarted';
import type { WorkflowStarter } from './sweep-unstarted';

/** How long an accepted checkout may wait when its API died: nobody notices a second more. */
const SWEEP_REST_MS = 1_000;
/** Answers are kept for days: a minute is soon enough. */
const RETENTION_REST_MS = 60_000;

/**
 * The loops beside the work: start what was not started, forget what is old. Each API and each worker runs them, so an API that crashes
 * again and again keeps no checkout waiting; they do not get in each other's way.
 */
export function startHousekeeping({ db, starter, logger }: { db: Database; starter: WorkflowStarter; logger: Logger }) {
  const retention = { restMs: RETENTION_REST_MS, full: RETENTION_BATCH, logger };
  const loops = [
    startLoop('sweep-unstarted', () => sweepUnstarted(db, starter), {
      restMs: SWEEP_REST_MS,
      full: 1,
      logger,
    }),
    startLoop('forget-answers', () => forgetAnswers(db), retention),
    startLoop('drop-tombstones', () => dropTombstones(db), retention),
  ];
  return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}
