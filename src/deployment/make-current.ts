import type { Client } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import { CHECKOUT_DEPLOYMENT } from '../contract/checkout';
import { UNVERSIONED } from './build-id';

/** gRPC's status codes, as numbers, so that we need no gRPC package. */
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const UNIMPLEMENTED = 12;

/** Null if Temporal knows no versions of our workers. */
export async function describeDeployment({ workflowService, options: { namespace } }: Client) {
  try {
    return await workflowService.describeWorkerDeployment({ namespace, deploymentName: CHECKOUT_DEPLOYMENT });
  } catch (error) {
    if (isOneOf(error, NOT_FOUND, UNIMPLEMENTED)) return null;
    throw error;
  }
}

/**
 * Makes this build current, if `decide` agrees. `not yet` while Temporal has not seen a worker of this build, or if somebody else changed
 * the deployment in between: retry.
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
  // Every server sets one of these for a build that is or was current, and for no other.
  const wasCurrent = build === UNVERSIONED || Boolean(version?.firstActivationTime ?? version?.drainageInfo);
  if (!decide({ isCurrent, wasCurrent })) return 'left';
  try {
    await client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: client.options.namespace,
      deploymentName: CHECKOUT_DEPLOYMENT,
      buildId: build,
      identity: client.options.identity,
      // Fails if the deployment has changed since the decision.
      conflictToken: deployment.conflictToken,
    });
    return 'taken';
  } catch (error) {
    // Also while workers of this build have been seen polling for workflow tasks but not yet for activities.
    if (isOneOf(error, FAILED_PRECONDITION, NOT_FOUND)) return 'not yet';
    throw error;
  }
}

const isOneOf = (error: unknown, ...codes: number[]): boolean =>
  isGrpcServiceError(error) && codes.includes(Number(error.code));
