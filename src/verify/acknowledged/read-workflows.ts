import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { CHECKOUT_WORKFLOW } from '../../contract/checkout';
import type { Run, Workflows } from './run-judge';

const PAGE = 1_000;
const MS_IN_A_SECOND = 1_000;

export async function readWorkflows(client: Client, namespace: string, asOf: Date): Promise<Workflows> {
  const { config } = await client.workflowService.describeNamespace({ namespace });
  const retentionMs = Number(String(config?.workflowExecutionRetentionTtl?.seconds ?? 0)) * MS_IN_A_SECOND;
  return {
    listed: listed(client),
    statusOf: (workflowId) => statusOf(client, workflowId),
    keptSince: asOf.getTime() - retentionMs,
  };
}

async function* listed({ workflow }: Client): AsyncGenerator<Run> {
  const query = `WorkflowType = '${CHECKOUT_WORKFLOW}'`;
  for await (const { workflowId, status } of workflow.list({ query, pageSize: PAGE })) {
    yield { workflowId, status: status.name };
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
