import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { CHECKOUT_WORKFLOW } from '../../contract/checkout';
import type { Candidate, Source } from './candidate';
import { whyNotReplayable } from './why-not-replayable';

const PAGE = 200;

/** The histories of a live server; those of running workflows as far as they have got. */
export async function serverHistories(
  { workflow }: Client,
  { filter, limit, address }: { filter: string | undefined; limit: number; address: string },
): Promise<Source> {
  // The server may also run workflows that are not ours.
  const checkouts = `WorkflowType = '${CHECKOUT_WORKFLOW}'`;
  const query = filter === undefined ? checkouts : `${checkouts} AND (${filter})`;
  const { count } = await workflow.count(query);
  return { title: `of ${address}`, total: Math.min(count, limit), candidates: newest(workflow, query, limit) };
}

async function* newest(workflow: Client['workflow'], query: string, limit: number): AsyncGenerator<Candidate> {
  let left = limit;
  for await (const { workflowId, runId } of workflow.list({ query, pageSize: Math.min(PAGE, limit) })) {
    if (left === 0) return;
    left -= 1;
    const history = await historyOf(workflow, workflowId, runId);
    // A run that has only just started has nothing to replay yet.
    if (history && whyNotReplayable(history) === undefined) yield { name: workflowId, workflowId, history };
  }
}

async function historyOf(workflow: Client['workflow'], workflowId: string, runId: string) {
  try {
    return await workflow.getHandle(workflowId, runId).fetchHistory();
  } catch (error) {
    // The list lags behind: retention may have deleted the run in the meantime.
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
