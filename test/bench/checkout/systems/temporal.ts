import path from 'node:path';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Step } from '../../../../src/domain/steps';
import { sevenSteps } from '../seven-steps';
import type { Start } from '../system';
import type { nothing, sevenIdleActivities, sevenLocalActivities, sevenRegularActivities } from './plain-workflows';

/** High enough never to be the limit. */
const AT_ONCE = 200;

/** Worker and client in one process on one connection, as an eager start requires. */
async function startWorker(address: string, taskQueue: string, step: ReturnType<typeof sevenSteps>): Promise<Client> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: path.join(__dirname, 'plain-workflows.ts'),
    activities: { step, idle: async (name: Step) => name },
    maxConcurrentActivityTaskExecutions: AT_ONCE,
    maxConcurrentWorkflowTaskExecutions: AT_ONCE,
  });
  void worker.run();
  return new Client({ connection });
}

/** Seven regular activities, started as the samples start them. */
export const naive: Start = async ({ temporal, stepsUrl }) => {
  const taskQueue = 'bench-naive';
  const client = await startWorker(temporal, taskQueue, sevenSteps(stepsUrl));
  return {
    one: (id) =>
      client.workflow.execute<typeof sevenRegularActivities>('sevenRegularActivities', {
        workflowId: `naive-${id}`,
        taskQueue,
        args: [id],
      }),
  };
};

/** The same as local activities, started eagerly: our fast lane without anything else. */
export const local: Start = async ({ temporal, stepsUrl }) => {
  const taskQueue = 'bench-local';
  const client = await startWorker(temporal, taskQueue, sevenSteps(stepsUrl));
  return {
    one: (id) =>
      client.workflow.execute<typeof sevenLocalActivities>('sevenLocalActivities', {
        workflowId: `local-${id}`,
        taskQueue,
        args: [id],
        requestEagerStart: true,
      }),
  };
};

/** What seven local activities cost by themselves: the SDK's floor. */
export const idle: Start = async ({ temporal, stepsUrl }) => {
  const taskQueue = 'bench-idle';
  const client = await startWorker(temporal, taskQueue, sevenSteps(stepsUrl));
  return {
    one: (id) =>
      client.workflow.execute<typeof sevenIdleActivities>('sevenIdleActivities', {
        workflowId: `idle-${id}`,
        taskQueue,
        requestEagerStart: true,
      }),
  };
};

/** Temporal's floor: no step at all, started eagerly. */
export const empty: Start = async ({ temporal, stepsUrl }) => {
  const taskQueue = 'bench-empty';
  const client = await startWorker(temporal, taskQueue, sevenSteps(stepsUrl));
  return {
    one: (id) =>
      client.workflow.execute<typeof nothing>('nothing', {
        workflowId: `empty-${id}`,
        taskQueue,
        requestEagerStart: true,
      }),
  };
};
