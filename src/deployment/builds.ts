import type { Client } from '@temporalio/client';
import { describeDeployment } from './make-current';
import { countOrders } from './pinned-orders';
import { lookAtTaskQueue } from './task-queue';

export interface Build {
  readonly build: string;
  /** `new` has never been current; `draining` no longer takes checkouts but has open ones; `drained` has none left. */
  readonly state: 'current' | 'new' | 'draining' | 'drained';
  readonly workers: number;
  readonly openOrders: number;
}

/** The builds that Temporal knows, newest first. */
export async function listBuilds(client: Client): Promise<Build[]> {
  const [deployment, { current, workers }] = await Promise.all([describeDeployment(client), lookAtTaskQueue(client)]);
  const versions = deployment?.workerDeploymentInfo?.versionSummaries ?? [];
  return Promise.all(
    versions.map(async ({ deploymentVersion, firstActivationTime }): Promise<Build> => {
      const build = deploymentVersion?.buildId ?? '';
      const openOrders = await countOrders(client, build);
      // Temporal's own status is minutes late; the count is a moment old.
      const past = firstActivationTime ? (openOrders > 0 ? 'draining' : 'drained') : 'new';
      return { build, state: build === current ? 'current' : past, workers: workers.get(build) ?? 0, openOrders };
    }),
  );
}
