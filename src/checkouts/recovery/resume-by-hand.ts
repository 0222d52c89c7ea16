import { EVERY_TENANT } from '../../domain/api-keys';
import type { Database, Queryable } from '../../postgres/database';
import type { ResumeAct, Unended } from './claim';
import { findRun } from './find-run';
import { clearStranded, resumeCheckout } from './resume-checkout';
import type { Recovery } from './resume-checkout';

export type ResumeAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'not-found' }
  /** The key was used for another resume. */
  | { readonly outcome: 'reused' }
  /** The same act is under way: retry in a moment. */
  | { readonly outcome: 'in-use' }
  | { readonly outcome: 'refused'; readonly sentence: string };

/** Temporal gets five seconds to start a run: an older claim has failed, or its process has died. */
const STARTING_SECONDS = 10;

interface Order extends Unended {
  readonly hasEnded: boolean;
  readonly hasBegun: boolean;
  /** Claimed, and not known to be started. */
  readonly isStranded: boolean;
  readonly isStarting: boolean;
  /** The reason given with the same act, if it was requested before. */
  readonly reason: string | null;
}

/**
 * Resumes an order for an operator. A repeated request is done once; if its start failed, the repetition starts it, and the audit trail
 * still shows one act. Throws when Temporal does not answer.
 */
export async function resumeByHand(
  recovery: Recovery,
  tenant: string,
  checkoutId: string,
  act: ResumeAct,
): Promise<ResumeAnswer> {
  const { db, call } = recovery;
  const order = await orderOf(db, checkoutId, act.id);
  if (!order || ![EVERY_TENANT, order.tenant].includes(tenant)) return { outcome: 'not-found' };
  const { hasEnded, hasBegun, isStranded, isStarting, reason } = order;
  const isRepeated = reason !== null;
  if (isRepeated && reason !== act.reason) return { outcome: 'reused' };
  if (isRepeated && (hasEnded || !isStranded)) return { outcome: 'done' };
  if (hasEnded) return refused('It has ended.');
  if (!hasBegun) return refused('It has not started yet, and will start by itself.');
  if (isStarting) return isRepeated ? { outcome: 'in-use' } : refused('Somebody else is already resuming it.');

  const found = await findRun(call, order.tenant, order.idempotencyKey);
  if (!found) {
    if (isStranded) await clearStranded(db, checkoutId);
    return isRepeated ? { outcome: 'done' } : refused('Its workflow is running.');
  }
  try {
    const claimed = await resumeCheckout(recovery, order, { found, act: isRepeated ? undefined : act });
    if (claimed) return { outcome: 'done' };
  } catch (error) {
    await clearStarting(db, order);
    throw error;
  }
  // Somebody else was faster, or it has ended: the row says which.
  return resumeByHand(recovery, tenant, checkoutId, act);
}

const refused = (sentence: string): ResumeAnswer => ({ outcome: 'refused', sentence });

/** One statement, so that an act is read together with its claim, or not at all. */
async function orderOf(db: Queryable, checkoutId: string, actId: string): Promise<Order | undefined> {
  const { rows } = await db.query<Order>(
    `select id as "checkoutId", tenant, idempotency_key as "idempotencyKey", resumes,
            ended_at is not null as "hasEnded",
            started_at is not null as "hasBegun",
            stranded_at is not null as "isStranded",
            stranded_at is not null and coalesce(resumed_at > now() - make_interval(secs => $3), false) as "isStarting",
            (select reason from resumes where id = $2) as reason
       from checkouts
      where id = $1`,
    [checkoutId, actId, STARTING_SECONDS],
  );
  return rows[0];
}

/** The next request need not wait for a start that has failed. A crash before this costs it seconds. */
async function clearStarting(db: Database, { checkoutId, resumes }: Order): Promise<void> {
  await db
    .query(`update checkouts set resumed_at = null where id = $1 and resumes = $2`, [checkoutId, resumes + 1])
    .catch(() => undefined);
}
