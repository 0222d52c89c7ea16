import type { Connection } from '@temporalio/client';

/** A poll needs a deadline. It returns empty before this one. */
const POLL_MS = 70_000;

/** Takes the next workflow task of a queue and never answers, like a worker that dies with it. */
export async function loseTask(connection: Connection, taskQueue: string, identity = 'lost'): Promise<void> {
  const poll = { namespace: 'default', taskQueue: { name: taskQueue }, identity };
  const { taskToken } = await connection.withDeadline(Date.now() + POLL_MS, () =>
    connection.workflowService.pollWorkflowTaskQueue(poll),
  );
  if (taskToken.length === 0) throw new Error(`There was no task on ${taskQueue} to be lost`);
}
