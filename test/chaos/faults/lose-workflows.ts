import { appendFileSync } from 'node:fs';
import { checkoutWorkflowId } from '../../../src/contract/checkout';
import { again } from '../injector';
import type { Fault } from '../injector';
import type { Range } from '../chance';
import { endedByHandIn } from '../ended-by-hand';
import type { World } from '../world';

type LoseWorkflow = (world: World, workflowId: string) => Promise<unknown>;

const WAYS: Readonly<Record<string, LoseWorkflow>> = {
  'workflow-terminated': ({ temporal }, id) => temporal.workflow.getHandle(id).terminate('Terminated by the chaos run'),
  'history-deleted': ({ temporal }, workflowId) => {
    const { namespace } = temporal.options;
    return temporal.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  },
};

/** Terminates the workflow of an order under way, or deletes it from Temporal: neither undoes anything. */
export const loseWorkflows = (restMs: Range): readonly Fault[] =>
  Object.entries(WAYS).map(
    ([kind, lose]): Fault =>
      (world, random) =>
        again(random, {
          kind,
          restMs,
          strike: async () => {
            const workflowId = await underWay(world).catch(() => undefined);
            if (workflowId === undefined) return false;
            // Recorded first: it may happen even if the answer is lost.
            appendFileSync(endedByHandIn(world), `${JSON.stringify({ workflowId })}\n`);
            // It may have closed in the meantime, or another fault has stopped Temporal.
            return lose(world, workflowId).then(
              () => true,
              () => false,
            );
          },
        }),
  );

/** An order whose first step has begun: without a workflow there is none to lose. */
async function underWay({ db }: World): Promise<string | undefined> {
  const { rows } = await db.query<{ tenant: string; key: string }>(
    `select tenant, idempotency_key as key
       from checkouts
      where ended_at is null
        and exists (select from step_ledger where checkout_id = checkouts.id)
      order by random()
      limit 1`,
  );
  const [row] = rows;
  return row && checkoutWorkflowId(row.tenant, row.key);
}
