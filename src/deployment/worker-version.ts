import { CHECKOUT_DEPLOYMENT } from '../contract/checkout';
import { buildIdOf, UNVERSIONED } from './build-id';

/** The build of a worker with this bundle, and its options for `Worker.create`. */
export async function workerVersion(
  settings: { readonly WORKER_VERSIONING: 'on' | 'off'; readonly BUILD_ID: string },
  codePath: string,
) {
  const workflowBundle = { codePath };
  if (settings.WORKER_VERSIONING === 'off') return { build: UNVERSIONED, options: { workflowBundle } };

  const build = settings.BUILD_ID || (await buildIdOf(codePath));
  const workerDeploymentOptions = {
    version: { deploymentName: CHECKOUT_DEPLOYMENT, buildId: build },
    useWorkerVersioning: true,
    // An order stays with the code that started it, so new code need not be compatible with old histories.
    defaultVersioningBehavior: 'PINNED',
  } as const;
  return { build, options: { workflowBundle, workerDeploymentOptions } };
}
