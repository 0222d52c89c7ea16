import type { Connection } from '@temporalio/client';

/** A poll without a deadline is refused. It comes back empty before this. */
const POLL_MS = 70_000;

/** Takes the next workflow task of a queue and never answers, as a worker does that dies with it. */
export async function loseTask(connection: Connection, taskQueue: string, identity = 'lost'): Promise<void> {
  const poll = { namespace: 'default', taskQueue: { name: taskQueue }, identity };
  const { taskToken } = await connection.withDeadline(Date.now() + POLL_MS, () =>
    connection.workflowService.pollWorkflowTaskQueue(poll),
  );
  if (taskToken.length === 0) throw new Error(`There was no task on ${taskQueue} to be lost`);
}
