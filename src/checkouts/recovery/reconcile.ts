import type { Logger } from '../../runtime/logger';
import { startLoop } from '../../runtime/loop';
import type { Loop } from '../../runtime/loop';
import type { Queryable } from '../../postgres/database';
import type { Unended } from './claim';
import { findRun } from './find-run';
import { noLongerStranded, resumeCheckout } from './resume-checkout';
import type { Recovery } from './resume-checkout';

/** An order whose workflow was ended just now has still to end within the minute of P3. */
const TURN_SECONDS = 20;
/** A run that closes again and again without an end is a bug, which must not become a flood. */
const REST_SECONDS = 60;
/** A hundred calls a second at most, however many orders wait for something. */
const MOST_IN_A_TURN = 2_000;
const AT_ONCE = 10;
/** How often each process asks whether it is time. */
const ASK_MS = 5_000;

interface Candidate extends Unended {
  readonly stranded: boolean;
}

/** The loop beside each API and each worker; one of them looks at a time. */
export const startReconciler = (recovery: Recovery, logger: Logger): Loop =>
  startLoop('reconcile', () => reconcile(recovery, logger), { restMs: ASK_MS, full: Infinity, logger });

/**
 * Looks for the run of every unended order and resumes those that have none; returns how many. Does nothing when another process has looked
 * within the turn. An order that was never started is the sweep's, not ours.
 */
export async function reconcile(recovery: Recovery, logger: Logger): Promise<number> {
  const { db } = recovery;
  const turn = await takeTurn(db);
  if (!turn) return 0;
  const candidates = await unendedAfter(db, turn.after);
  let resumed = 0;
  for (let at = 0; at < candidates.length; at += AT_ONCE) {
    const few = candidates.slice(at, at + AT_ONCE);
    const looks = await Promise.allSettled(few.map((candidate) => lookAt(recovery, candidate, logger)));
    const failed = looks.filter((look) => look.status === 'rejected');
    // Temporal is away, which decides nothing: the rest would only wait for it too. One that fails alone holds up nobody.
    if (failed.length === looks.length) throw failed[0]?.reason;
    for (const { reason: err } of failed) logger.warn({ err }, 'cannot look for the run of a checkout, or start it');
    resumed += looks.filter((look) => look.status === 'fulfilled' && look.value).length;
  }
  const last = candidates.length < MOST_IN_A_TURN ? undefined : candidates.at(-1);
  await db.query(`update reconciler set looked_at = now(), after_id = $1`, [last?.checkoutId ?? '']);
  return resumed;
}

/** By Postgres' clock, whatever those of the hosts say. Undefined where it is somebody else's turn. */
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
    // Whoever started it died before saying so.
    if (stranded) await noLongerStranded(recovery.db, checkoutId);
    return false;
  }
  const claimed = await resumeCheckout(recovery, candidate, { found });
  if (!claimed) return false;
  const { number, unwinding } = claimed.resumed;
  logger.warn({ checkoutId, found, resumes: number, unwinding: unwinding?.because }, 'a stranded checkout was resumed');
  return true;
}
