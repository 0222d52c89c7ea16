import path from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { CHECKOUT_TASK_QUEUE, CHECKOUT_WORKFLOW, checkoutWorkflowId } from '../../../src/contract/checkout';
import { dataConverterOf } from '../../../src/payloads/data-converter';
import { recordingActivities } from '../../support/recording-activities';
import { RECORDER } from './recording-servers';
import type { Scenario } from './scenario';
import { withoutStackTraces } from './without-stack-traces';

const TENANT = 'acme';
/** Otherwise a stopping worker would wait for activities whose results nobody needs. */
const NO_GRACE = '1s';

/** What `npm run build` made. */
const BUILT: WorkflowBundleOption = { codePath: path.resolve(__dirname, '../../../dist/workflow-bundle.js') };

/** Runs a scenario with the built bundle, or with another one, and returns its history as JSON. */
export async function recordScenario(
  { name, ends, play, lane, resumed, taskTimeout }: Scenario,
  env: TestWorkflowEnvironment,
  taskQueue = CHECKOUT_TASK_QUEUE,
  workflowBundle = BUILT,
): Promise<string> {
  const { activities, before, during = async () => undefined } = play();
  const start = {
    workflowId: checkoutWorkflowId(TENANT, lane === 'fast' ? `fast-${name}` : name),
    taskQueue,
    args: [
      {
        ...{ checkoutId: `chk_${'0'.repeat(32)}`, tenant: TENANT },
        ...(lane === 'fast' && { fastLane: true }),
        ...(resumed && { resumed }),
      },
    ],
    ...(taskTimeout && { workflowTaskTimeout: taskTimeout }),
  };
  const begin = () => env.client.workflow.start(CHECKOUT_WORKFLOW, start);
  const early = before && (await begin());
  await before?.(env, taskQueue);
  const worker = await Worker.create({
    connection: env.nativeConnection,
    identity: RECORDER,
    taskQueue,
    workflowBundle,
    dataConverter: dataConverterOf(''),
    activities: recordingActivities(activities).activities,
    shutdownForceTime: NO_GRACE,
  });
  return worker.runUntil(async () => {
    const handle = early ?? (await begin());
    await during(handle, env).catch((error: unknown) => {
      // It may wait for the end; how it ended is checked below.
      if (!(error instanceof WorkflowFailedError)) throw error;
    });
    const end = await endOf(handle);
    if (end !== ends) throw new Error(`${name} ended as ${end} and not as ${ends}`);
    return JSON.stringify(withoutStackTraces(JSON.parse(historyToJSON(await handle.fetchHistory()))));
  });
}

async function endOf(handle: WorkflowHandle): Promise<string> {
  try {
    await handle.result();
    return 'completed';
  } catch (error) {
    const failure = error instanceof WorkflowFailedError ? error.cause : error;
    const cause = failure instanceof ActivityFailure ? failure.cause : failure;
    if (cause instanceof CancelledFailure) return 'Cancelled';
    return cause instanceof ApplicationFailure && cause.type ? cause.type : String(cause);
  }
}
