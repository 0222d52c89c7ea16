import { startResumed } from '../start-workflow';
import type { Database } from '../../postgres/database';
import type { Workflows } from '../workflows';
import { claimResume } from './claim';
import type { Claimed, ResumeAct, Unended } from './claim';
import type { Found } from './find-run';

/** What it takes to resume orders. */
export interface Recovery extends Workflows {
  readonly db: Database;
}

/**
 * Gives an order whose run is closed or gone a new run; undefined if somebody else was faster or the order has ended. A crash between
 * claim and start costs a minute: the order is still stranded, and is claimed again.
 */
export async function resumeCheckout(
  recovery: Recovery,
  order: Unended,
  why: { found: Found; act?: ResumeAct | undefined },
): Promise<Claimed | undefined> {
  const claimed = await claimResume(recovery.db, order, why);
  if (!claimed) return undefined;
  await recovery.call((client) => startResumed(client, claimed.checkout, claimed.resumed, recovery.startOptions));
  await clearStranded(recovery.db, order.checkoutId);
  return claimed;
}

export async function clearStranded(db: Database, checkoutId: string): Promise<void> {
  await db.query(`update checkouts set stranded_at = null where id = $1 and stranded_at is not null`, [checkoutId]);
}
