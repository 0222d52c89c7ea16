import { setTimeout as rest } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { CHECKOUT_WORKFLOW } from '../../../contract/checkout';
import type { Run, Workflows } from './run-judge';

const PAGE = 1_000;
const MS_IN_A_SECOND = 1_000;
const LOOK_EVERY_MS = 500;

/** `lostAt` is when a workflow was last found to be gone from Temporal: workflows that had ended by then may be gone too. */
export async function readWorkflows(
  client: Client,
  namespace: string,
  { asOf, lostAt }: { asOf: Date; lostAt: Date | null },
): Promise<Workflows> {
  const { config } = await client.workflowService.describeNamespace({ namespace });
  const retentionMs = Number(String(config?.workflowExecutionRetentionTtl?.seconds ?? 0)) * MS_IN_A_SECOND;
  const ahead = asOf.getTime() - performance.now();
  return {
    listed: listed(client),
    statusOf: (workflowId) => statusOf(client, workflowId),
    statusBy: async (workflowId, moment) => {
      for (;;) {
        const status = await statusOf(client, workflowId);
        const leftMs = moment - (performance.now() + ahead);
        if (status !== 'RUNNING' || leftMs <= 0) return status;
        await rest(Math.min(LOOK_EVERY_MS, leftMs));
      }
    },
    keptSince: Math.max(asOf.getTime() - retentionMs, lostAt?.getTime() ?? -Infinity),
  };
}

async function* listed({ workflow }: Client): AsyncGenerator<Run> {
  const query = `WorkflowType = '${CHECKOUT_WORKFLOW}'`;
  for await (const { workflowId, status, startTime } of workflow.list({ query, pageSize: PAGE })) {
    yield { workflowId, status: status.name, startedAt: startTime.getTime() };
  }
}

async function statusOf({ workflow }: Client, workflowId: string): Promise<string | undefined> {
  try {
    return (await workflow.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
