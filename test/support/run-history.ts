import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import { checkoutWorkflowId } from '../../src/contract/checkout';

/** An activity, or a workflow task: in the fast lane, steps run inside one. */
interface TaskRun {
  /** The pid of the worker that ran it. */
  readonly pid: number;
  readonly startedMs: number;
  readonly endedMs: number;
}

export interface Execution {
  /** The build that Temporal has bound the run to. */
  readonly boundTo: string;
  /** The builds that completed its workflow tasks, in order, without repeats. */
  readonly builds: readonly string[];
  readonly tasks: readonly TaskRun[];
  /** Whatever did not work at the first attempt. */
  readonly troubles: readonly string[];
}

/**
 * What executed an order's run, by its history. In the fast lane, the order has ended in Postgres before the history has the workflow task
 * that ended it, so this waits for the workflow.
 */
export async function executionOf(client: Client, key: string): Promise<Execution> {
  const handle = client.workflow.getHandle(checkoutWorkflowId('acme', key));
  await handle.result();
  const [{ raw }, { events }] = await Promise.all([handle.describe(), handle.fetchHistory()]);
  const builds: string[] = [];
  const tasks: TaskRun[] = [];
  const troubles: string[] = [];
  let begun = { pid: 0, startedMs: 0 };
  for (const event of events ?? []) {
    const task = event.workflowTaskCompletedEventAttributes;
    const build = task && (task.deploymentVersion?.buildId ?? 'none');
    if (build && build !== builds.at(-1)) builds.push(build);

    // They run one after another, so this is the end of the last one begun.
    const attempt = event.activityTaskStartedEventAttributes;
    const started = attempt ?? event.workflowTaskStartedEventAttributes;
    // `pid@host`
    if (started) begun = { pid: Number.parseInt(started.identity ?? '', 10), startedMs: tsToMs(event.eventTime) };
    // An attempt that timed out has no event of its own: the next one shows it.
    if (attempt?.lastFailure) troubles.push(`attempt ${attempt.attempt} after ${attempt.lastFailure.message}`);
    const isDone = task ?? event.activityTaskCompletedEventAttributes;
    if (isDone) tasks.push({ ...begun, endedMs: tsToMs(event.eventTime) });
    if (event.activityTaskTimedOutEventAttributes) troubles.push('timed out');
    if (event.activityTaskFailedEventAttributes) troubles.push('failed');
  }
  const { deploymentVersion, versioningOverride } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  const boundTo = versioningOverride?.pinned?.version?.buildId ?? deploymentVersion?.buildId ?? 'none';
  return { boundTo, builds, tasks, troubles };
}

export const pidsOf = (executions: readonly Execution[]): ReadonlySet<number> =>
  new Set(executions.flatMap(({ tasks }) => tasks.map(({ pid }) => pid)));
