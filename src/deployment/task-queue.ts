import type { Client } from '@temporalio/client';
import { CHECKOUT_DEPLOYMENT, CHECKOUT_TASK_QUEUE } from '../contract/checkout';
import { UNVERSIONED } from './build-id';

/** Workflow tasks and activity tasks have separate pollers. */
const TASK_TYPES = [1, 2];
/** An idle worker polls once a minute; Temporal remembers a poller for five minutes. */
const SILENT_AFTER_S = 75;

export interface TaskQueueSight {
  /** The build that takes new checkouts. */
  readonly current: string;
  /** How long the oldest workflow task has been waiting for a worker, which Temporal measures every few seconds. */
  readonly oldestWaitsS: number;
  /** When a worker of each build last polled, in seconds by Temporal's clock. */
  readonly heard: ReadonlyMap<string, number>;
  /** How many workers each build seems to have. */
  readonly workers: ReadonlyMap<string, number>;
}

/** Which build is current, and which builds have workers. Cheap to call. */
export async function lookAtTaskQueue({ workflowService, options: { namespace } }: Client): Promise<TaskQueueSight> {
  const answers = await Promise.all(
    TASK_TYPES.map((taskQueueType) =>
      workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: CHECKOUT_TASK_QUEUE },
        taskQueueType,
        reportStats: true,
      }),
    ),
  );
  const seen = answers
    .flatMap(({ pollers }) => pollers)
    .map(({ identity, lastAccessTime, deploymentOptions: options }) => ({
      identity: identity ?? '',
      build: options?.deploymentName === CHECKOUT_DEPLOYMENT ? (options.buildId ?? UNVERSIONED) : UNVERSIONED,
      at: Number(lastAccessTime?.seconds ?? 0),
    }));
  const newest = Math.max(...seen.map(({ at }) => at));
  const heard = new Map<string, number>();
  const identities = new Map<string, Set<string>>();
  for (const { identity, build, at } of seen) {
    heard.set(build, Math.max(at, heard.get(build) ?? 0));
    if (newest - at < SILENT_AFTER_S) identities.set(build, (identities.get(build) ?? new Set()).add(identity));
  }
  const workers = new Map([...identities].map(([build, names]) => [build, names.size]));
  const current = answers[0]?.versioningInfo?.currentDeploymentVersion?.buildId ?? UNVERSIONED;
  const oldestWaitsS = Number(answers[0]?.stats?.approximateBacklogAge?.seconds ?? 0);
  return { current, oldestWaitsS, heard, workers };
}
