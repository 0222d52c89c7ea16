import type { Logger } from '../../runtime/logger';
import { startLoop } from '../../runtime/loop';
import type { Loop } from '../../runtime/loop';
import type { Queryable } from '../../postgres/database';
import type { Unended } from './claim';
import { findRun } from './find-run';
import { clearStranded, resumeCheckout } from './resume-checkout';
import type { Recovery } from './resume-checkout';

/** P3 gives an order whose workflow was just terminated one minute to end. */
const TURN_SECONDS = 20;
/** An order whose runs keep closing without an end is a bug, and must not cause a flood of runs. */
const REST_SECONDS = 60;
/** At most a hundred calls a second, however many orders are open. */
const MOST_IN_A_TURN = 2_000;
const CONCURRENCY = 10;
/** How often each process checks whether a turn is due. */
const ASK_MS = 5_000;

interface Candidate extends Unended {
  readonly stranded: boolean;
}

/** Runs beside each API and each worker; they take turns. */
export const startReconciler = (recovery: Recovery, logger: Logger): Loop =>
  startLoop('reconcile', () => reconcile(recovery, logger), { restMs: ASK_MS, full: Infinity, logger });

/**
 * Looks up the run of every unended order, and resumes the orders that have none; returns how many. Does nothing while another process has
 * the turn. An order that was never started is left to the sweep.
 */
export async function reconcile(recovery: Recovery, logger: Logger): Promise<number> {
  const { db } = recovery;
  const turn = await takeTurn(db);
  if (!turn) return 0;
  const candidates = await unendedAfter(db, turn.after);
  let resumed = 0;
  for (let at = 0; at < candidates.length; at += CONCURRENCY) {
    const few = candidates.slice(at, at + CONCURRENCY);
    const looks = await Promise.allSettled(few.map((candidate) => lookAt(recovery, candidate, logger)));
    const failed = looks.filter((look) => look.status === 'rejected');
    // If every look-up fails, Temporal is away and the rest would only wait too. One that fails alone holds up nobody.
    if (failed.length === looks.length) throw failed[0]?.reason;
    for (const { reason: err } of failed)
      logger.warn({ err }, 'could not look up the run of a checkout, or start it again');
    resumed += looks.filter((look) => look.status === 'fulfilled' && look.value).length;
  }
  const last = candidates.length < MOST_IN_A_TURN ? undefined : candidates.at(-1);
  await db.query(`update reconciler set looked_at = now(), after_id = $1`, [last?.checkoutId ?? '']);
  return resumed;
}

/** By Postgres' clock, whatever the hosts' clocks say. Undefined if another process has the turn. */
async function takeTurn(db: Queryable): Promise<{ after: string } | undefined> {
  const { rows } = await db.query<{ after: string }>(
    `update reconciler
        set turn_at = now()
      where turn_at < now() - make_interval(secs => $1)
     returning after_id as after`,
    [TURN_SECONDS],
  );
  return rows[0];
}

async function unendedAfter(db: Queryable, after: string): Promise<Candidate[]> {
  const { rows } = await db.query<Candidate>(
    `select id as "checkoutId", tenant, idempotency_key as "idempotencyKey", resumes,
            stranded_at is not null as stranded
       from checkouts
      where ended_at is null
        and started_at is not null
        and (resumed_at is null or resumed_at < now() - make_interval(secs => $2))
        and id > $1
      order by id
      limit $3`,
    [after, REST_SECONDS, MOST_IN_A_TURN],
  );
  return rows;
}

async function lookAt(recovery: Recovery, candidate: Candidate, logger: Logger): Promise<boolean> {
  const { checkoutId, tenant, idempotencyKey, stranded } = candidate;
  const found = await findRun(recovery.call, tenant, idempotencyKey);
  if (!found) {
    // The process that started it died before recording that.
    if (stranded) await clearStranded(recovery.db, checkoutId);
    return false;
  }
  const claimed = await resumeCheckout(recovery, candidate, { found });
  if (!claimed) return false;
  const { number, unwinding } = claimed.resumed;
  logger.warn({ checkoutId, found, resumes: number, unwinding: unwinding?.because }, 'a stranded checkout was resumed');
  return true;
}
