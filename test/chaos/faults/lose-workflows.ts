import { appendFileSync } from 'node:fs';
import { checkoutWorkflowId } from '../../../src/contract/checkout';
import { again } from '../injector';
import type { Fault } from '../injector';
import type { Range } from '../chance';
import { endedByHandIn } from '../ended-by-hand';
import type { World } from '../world';

type LoseWorkflow = (world: World, workflowId: string) => Promise<unknown>;

const WAYS: Readonly<Record<string, LoseWorkflow>> = {
  'workflow-terminated': ({ temporal }, id) => temporal.workflow.getHandle(id).terminate('The chaos did it'),
  'history-deleted': ({ temporal }, workflowId) => {
    const { namespace } = temporal.options;
    return temporal.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  },
};

/** Somebody ends the workflow of an order that is under way, or has Temporal forget it: nothing is undone by that. */
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
            // Written down first: it may have happened although the answer is lost.
            appendFileSync(endedByHandIn(world), `${JSON.stringify({ workflowId })}\n`);
            // It may have closed in between, or Temporal is stopped in the middle by another fault.
            return lose(world, workflowId).then(
              () => true,
              () => false,
            );
          },
        }),
  );

/** One whose first step has begun: one that has no workflow yet cannot lose it. */
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
