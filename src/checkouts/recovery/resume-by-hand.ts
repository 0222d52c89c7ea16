import { EVERY_TENANT } from '../../domain/api-keys';
import type { Database, Queryable } from '../../postgres/database';
import type { ResumeAct, Unended } from './claim';
import { findRun } from './find-run';
import { noLongerStranded, resumeCheckout } from './resume-checkout';
import type { Recovery } from './resume-checkout';

export type ResumeAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'not-found' }
  /** The key asked for another resume. */
  | { readonly outcome: 'reused' }
  /** The same act is under way: ask again in a moment. */
  | { readonly outcome: 'in-use' }
  | { readonly outcome: 'refused'; readonly sentence: string };

/** Temporal is given five seconds to take a run: whoever claimed longer ago has failed, or died. */
const STARTING_SECONDS = 10;

interface Order extends Unended {
  readonly hasEnded: boolean;
  readonly hasBegun: boolean;
  /** Claimed, and not known to have been started. */
  readonly isStranded: boolean;
  readonly isStarting: boolean;
  /** Of the same act, if it was claimed before. */
  readonly reason: string | null;
}

/**
 * Resumes an order because an operator says so. Asked for twice it is done once; one whose start failed is started when it is asked for
 * again, and stays one act in the audit. Throws when Temporal does not answer.
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
  if (!hasBegun) return refused('It has not begun: that is seen to by itself.');
  if (isStarting) return isRepeated ? { outcome: 'in-use' } : refused('Somebody else is resuming it at this moment.');

  const found = await findRun(call, order.tenant, order.idempotencyKey);
  if (!found) {
    if (isStranded) await noLongerStranded(db, checkoutId);
    return isRepeated ? { outcome: 'done' } : refused('Its workflow is running.');
  }
  try {
    const claimed = await resumeCheckout(recovery, order, { found, act: isRepeated ? undefined : act });
    if (claimed) return { outcome: 'done' };
  } catch (error) {
    await notStarting(db, order);
    throw error;
  }
  // Somebody was faster, or it has ended: the row says which.
  return resumeByHand(recovery, tenant, checkoutId, act);
}

const refused = (sentence: string): ResumeAnswer => ({ outcome: 'refused', sentence });

/** In one statement, so that an act is there with its claim or not at all. */
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

/** Whoever asks again need not wait for a start that has failed. Dying before this costs them seconds. */
async function notStarting(db: Database, { checkoutId, resumes }: Order): Promise<void> {
  await db
    .query(`update checkouts set resumed_at = null where id = $1 and resumes = $2`, [checkoutId, resumes + 1])
    .catch(() => undefined);
}
