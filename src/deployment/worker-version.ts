import { CHECKOUT_DEPLOYMENT } from '../contract/checkout';
import { buildIdOf, UNVERSIONED } from './build-id';

/** Which build a worker of this bundle is, and what `Worker.create` has to be told. */
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
    // An order stays with the code that began it: new code need not know how old code went about things.
    defaultVersioningBehavior: 'PINNED',
  } as const;
  return { build, options: { workflowBundle, workerDeploymentOptions } };
}
