import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { checkoutWorkflowId } from '../../../contract/checkout';
import type { Queryable } from '../../../postgres/database';
import { DECIDED_BY } from '../owed-since';
import { pagesOf } from '../pages';
import { settledBefore } from '../scene';
import type { Scene } from '../scene';
import { withTemporal } from '../temporal';
import { withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkRecovery } from './check-recovery';
import type { LostRun, RecoveryEvidence, Survivor } from './check-recovery';

/** In Temporal's words. A status that this version does not know decides nothing. */
const CLOSED = ['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'];

/** P14, on a live system. */
export async function recovery(scene: Scene): Promise<Verdict> {
  const { db, connections } = scene;
  const check = (lostRunOf: RecoveryEvidence['lostRunOf']) =>
    checkRecovery({ orders: readSurvivors(db), lostRunOf, settledBefore: settledBefore(scene) });
  const unseen = ['orders that have lost their workflow: Temporal was not named: give --temporal'];
  const { temporal } = connections;
  if (!temporal) return withUnseen(await check(() => Promise.resolve(undefined)), connections, unseen);
  return withTemporal(temporal, (client) => check((order) => lostRunOf(client, db, order)));
}

/** An order that was never started has no workflow to lose. */
const readSurvivors = (db: Queryable): AsyncGenerator<Survivor> =>
  pagesOf<Survivor>(
    db,
    `select id as "checkoutId", tenant, idempotency_key as key, state, accepted_at as "acceptedAt", ended_at as "endedAt", resumes, told,
            ${DECIDED_BY}
       from checkouts,
            lateral (select coalesce(json_agg(json_build_object(
                              'number', number, 'found', found, 'at', extract(epoch from resumed_at) * 1000) order by number), '[]') as told
                       from resumes where checkout_id = checkouts.id) audit
      where id > $1
        and (resumes > 0 or json_array_length(told) > 0 or (ended_at is null and started_at is not null))
      order by id
      limit $2`,
  );

async function lostRunOf(client: Client, db: Queryable, order: Survivor): Promise<LostRun | undefined> {
  const lost = await closedRunOf(client, order);
  if (!lost) return undefined;
  // It may have ended, or been resumed, since its row was read.
  const { rows } = await db.query(`select from checkouts where id = $1 and ended_at is null and resumes = $2`, [
    order.checkoutId,
    order.resumes,
  ]);
  return rows.length === 0 ? undefined : lost;
}

async function closedRunOf({ workflow }: Client, { tenant, key }: Survivor): Promise<LostRun | undefined> {
  try {
    const { status, closeTime } = await workflow.getHandle(checkoutWorkflowId(tenant, key)).describe();
    return CLOSED.includes(status.name) ? { status: status.name, closedAt: closeTime?.getTime() ?? null } : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { status: 'gone', closedAt: null };
    throw error;
  }
}
