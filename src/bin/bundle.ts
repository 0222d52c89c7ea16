import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from '../payloads/data-converter';

/** Bundles the workflows once, at build time: a worker that starts need not, and what was tested is what runs. */
async function main(): Promise<void> {
  const dist = path.resolve(__dirname, '../..');
  const workflowsPath = path.join(dist, 'workflows');
  const interceptors = path.join(workflowsPath, 'interceptors');
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [interceptors],
    // Once for all orders, and not once for each: no module of ours keeps anything. In this order.
    preloadModules: [path.join(workflowsPath, 'stack-traces'), workflowsPath, interceptors],
    failureConverterPath: FAILURE_CONVERTER_PATH,
    logger: new DefaultLogger('WARN'),
  });
  await writeFile(path.join(dist, 'workflow-bundle.js'), code);
}

void main();
