import { WorkflowNotFoundError } from '@temporalio/client';
import { CHECKOUT_WORKFLOW, checkoutWorkflowId } from '../../contract/checkout';
import type { Queryable } from '../../postgres/database';
import type { Call } from '../workflows';
import type { ResumeAct, Unended } from './claim';
import { findRun } from './find-run';
import { resumeCheckout } from './resume-checkout';
import type { Recovery } from './resume-checkout';

const CONCURRENCY = 10;
const PAGE = 500;
const WHY = 'Postgres was restored, and this run was ahead of it: a new run continues from the ledger.';

export interface RestoreProgress {
  readonly total: number;
  readonly resumed: number;
}

export interface AfterRestore {
  /** How many workflows were terminated. */
  readonly ended: number;
  readonly resumed: number;
  /** Workflows whose checkout is not in the restored database, because it was accepted after that moment. */
  readonly unknown: readonly string[];
}

/**
 * After a restore of Postgres the open workflows are ahead of the ledger. Terminates all of them, then resumes every order that has not
 * ended. No worker may poll meanwhile. Safe to repeat after a crash: it does the rest, and terminates its own new runs too.
 */
export async function resumeAfterRestore(
  recovery: Recovery,
  act: Omit<ResumeAct, 'id'> & { readonly idOf: (checkoutId: string) => string },
  onProgress: (progress: RestoreProgress) => void,
): Promise<AfterRestore> {
  const { db, call } = recovery;
  const ended = await endOpenRuns(call);
  const total = await countUnended(db);
  let [resumed, after] = [0, ''];
  for (;;) {
    const orders = await unendedAfter(db, after);
    for (let at = 0; at < orders.length; at += CONCURRENCY) {
      const turns = orders.slice(at, at + CONCURRENCY).map(async (order) => {
        const { checkoutId, tenant, idempotencyKey } = order;
        const workflowId = checkoutWorkflowId(tenant, idempotencyKey);
        // Temporal's list lags behind, so it may have missed an open run.
        if (await end(call, workflowId)) ended.add(workflowId);
        const { idOf, ...by } = act;
        const found = (await findRun(call, tenant, idempotencyKey)) ?? 'terminated';
        return (await resumeCheckout(recovery, order, { found, act: { ...by, id: idOf(checkoutId) } })) !== undefined;
      });
      resumed += (await Promise.all(turns)).filter(Boolean).length;
      onProgress({ total, resumed });
    }
    const last = orders.at(-1);
    if (!last || orders.length < PAGE) break;
    after = last.checkoutId;
  }
  return { ended: ended.size, resumed, unknown: await unknownOf(db, [...ended]) };
}

/** Repeats until Temporal's list, which lags behind, names no run that is still open. */
async function endOpenRuns(call: Call): Promise<Set<string>> {
  const ended = new Set<string>();
  for (;;) {
    const open = await openRuns(call);
    const before = ended.size;
    for (let at = 0; at < open.length; at += CONCURRENCY) {
      const few = open.slice(at, at + CONCURRENCY).filter((workflowId) => !ended.has(workflowId));
      await Promise.all(few.map(async (workflowId) => (await end(call, workflowId)) && ended.add(workflowId)));
    }
    if (ended.size === before) return ended;
  }
}

async function openRuns(call: Call): Promise<string[]> {
  const query = `WorkflowType = '${CHECKOUT_WORKFLOW}' and ExecutionStatus = 'Running'`;
  const open: string[] = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const token = nextPageToken;
    // One call for each page, because each call has a deadline.
    const page = await call(({ workflowService, options: { namespace } }) =>
      workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize: PAGE,
        ...(token && { nextPageToken: token }),
      }),
    );
    open.push(...page.executions.flatMap(({ execution }) => execution?.workflowId ?? []));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken?.length);
  return open;
}

async function end(call: Call, workflowId: string): Promise<boolean> {
  try {
    await call((client) => client.workflow.getHandle(workflowId).terminate(WHY));
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function countUnended(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from checkouts where ended_at is null`,
  );
  return rows[0]?.count ?? 0;
}

/** Includes orders that the restored database shows as not started: they may have started after that moment. */
async function unendedAfter(db: Queryable, after: string): Promise<Unended[]> {
  const { rows } = await db.query<Unended>(
    `select id as "checkoutId", tenant, idempotency_key as "idempotencyKey", resumes
       from checkouts
      where ended_at is null
        and id > $1
      order by id
      limit $2`,
    [after, PAGE],
  );
  return rows;
}

async function unknownOf(db: Queryable, workflowIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select workflow.id
       from unnest($1::text[]) workflow (id)
      where not exists (
              select
                from checkouts
               where tenant = split_part(workflow.id, '/', 2)
                 and idempotency_key = split_part(workflow.id, '/', 3)
            )
      order by workflow.id`,
    [workflowIds],
  );
  return rows.map(({ id }) => id);
}
