import { isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { CHECKOUT_DEPLOYMENT } from '../contract/checkout';
import { UNVERSIONED } from './build-id';

const NOT_FOUND = 5;
/** `VERSIONING_BEHAVIOR_AUTO_UPGRADE` and `PINNED_OVERRIDE_BEHAVIOR_PINNED`. */
const AUTO_UPGRADE = 2;
const PINNED = 1;
/** Few enough to move quickly; the caller comes back for the rest. */
export const ORDERS_AT_ONCE = 50;

export interface PinnedOrder {
  readonly workflowId: string;
  readonly runId: string;
  readonly build: string;
}

const nameOf = (build: string): string => `${CHECKOUT_DEPLOYMENT}:${build}`;

const openOrders = [
  `TemporalWorkerDeployment = '${CHECKOUT_DEPLOYMENT}'`,
  `ExecutionStatus = 'Running'`,
  `TemporalWorkflowVersioningBehavior = 'Pinned'`,
].join(' and ');

/** The first open orders that are pinned to none of these builds. The list is a moment old. */
export async function ordersOfOthers(
  client: Client,
  builds: readonly string[],
  most = ORDERS_AT_ONCE,
): Promise<PinnedOrder[]> {
  const names = builds.map((build) => `'${nameOf(build)}'`);
  const query = `${openOrders} and TemporalWorkerDeploymentVersion not in (${names.join(', ')})`;
  const { namespace } = client.options;
  // Not `client.workflow.list`, which decrypts what we do not need, and may lack the key for it.
  const { executions } = await client.workflowService.listWorkflowExecutions({ namespace, query, pageSize: most });
  return executions.map(({ execution, searchAttributes }) => {
    const version = searchAttributes?.indexedFields?.['TemporalWorkerDeploymentVersion']?.data ?? [];
    const name = JSON.parse(Buffer.from(version).toString()) as string;
    return {
      workflowId: execution?.workflowId ?? '',
      runId: execution?.runId ?? '',
      build: name.slice(nameOf('').length),
    };
  });
}

export const countOrders = async (client: Client, build: string): Promise<number> =>
  (await client.workflow.count(`${openOrders} and TemporalWorkerDeploymentVersion = '${nameOf(build)}'`)).count;

/** Pins an order to another build, from its next task on. Harmless if it has ended or has been moved before. */
export async function moveOrder(client: Client, { workflowId, runId }: PinnedOrder, build: string): Promise<void> {
  const versioningOverride =
    build === UNVERSIONED
      ? { autoUpgrade: true, behavior: AUTO_UPGRADE }
      : { pinned: { behavior: PINNED, version: { deploymentName: CHECKOUT_DEPLOYMENT, buildId: build } } };
  try {
    await client.workflowService.updateWorkflowExecutionOptions({
      namespace: client.options.namespace,
      workflowExecution: { workflowId, runId },
      workflowExecutionOptions: { versioningOverride },
      updateMask: { paths: ['versioning_override'] },
    });
  } catch (error) {
    if (!isGrpcServiceError(error) || Number(error.code) !== NOT_FOUND) throw error;
  }
}
