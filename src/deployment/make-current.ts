import type { Client } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import { CHECKOUT_DEPLOYMENT } from '../contract/checkout';
import { UNVERSIONED } from './build-id';

/** gRPC's, as numbers, so that nothing needs its package. */
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const UNIMPLEMENTED = 12;

/** Null when Temporal knows no versions of our workers. */
export async function describeDeployment({ workflowService, options: { namespace } }: Client) {
  try {
    return await workflowService.describeWorkerDeployment({ namespace, deploymentName: CHECKOUT_DEPLOYMENT });
  } catch (error) {
    if (isOneOf(error, NOT_FOUND, UNIMPLEMENTED)) return null;
    throw error;
  }
}

/**
 * Makes this build the one that takes new checkouts, if `decide` is for it. `not yet` while Temporal has not seen a worker of this
 * build, or when somebody else decided something in between: ask again.
 */
export async function makeCurrent(
  client: Client,
  build: string,
  decide: (known: { isCurrent: boolean; wasCurrent: boolean }) => boolean,
): Promise<'taken' | 'left' | 'not yet'> {
  const deployment = await describeDeployment(client);
  const { versionSummaries, routingConfig } = deployment?.workerDeploymentInfo ?? {};
  const version = versionSummaries?.find(({ deploymentVersion }) => deploymentVersion?.buildId === build);
  if (deployment === null || (version === undefined && build !== UNVERSIONED)) return 'not yet';

  const isCurrent = (routingConfig?.currentDeploymentVersion?.buildId ?? UNVERSIONED) === build;
  // What every server tells of a build that takes or took new checkouts, and of no other.
  const wasCurrent = build === UNVERSIONED || Boolean(version?.firstActivationTime ?? version?.drainageInfo);
  if (!decide({ isCurrent, wasCurrent })) return 'left';
  try {
    await client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: client.options.namespace,
      deploymentName: CHECKOUT_DEPLOYMENT,
      buildId: build,
      identity: client.options.identity,
      // Fails when the deployment is no longer what the decision was made upon.
      conflictToken: deployment.conflictToken,
    });
    return 'taken';
  } catch (error) {
    // Also as long as workers of this build are seen for workflow tasks but not yet for activities.
    if (isOneOf(error, FAILED_PRECONDITION, NOT_FOUND)) return 'not yet';
    throw error;
  }
}

const isOneOf = (error: unknown, ...codes: number[]): boolean =>
  isGrpcServiceError(error) && codes.includes(Number(error.code));
