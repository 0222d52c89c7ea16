import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { LogEntry } from '@temporalio/worker';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import { REPAIR } from '../../src/contract/repair';
import type { Repair } from '../../src/contract/repair';
import { CHECKOUT_STATE } from '../../src/contract/search-attributes';
import { registerSearchAttributes } from '../../src/runtime/search-attributes';
import { findProgram } from '../../src/local/stack/programs';
import { anOrder } from '../support/builders';
import { eventually } from '../support/eventually';
import { programSearch } from '../support/program-search';
import { recordingActivities } from '../support/recording-activities';
import { WORKFLOW_BUNDLE } from '../support/saga-harness';

/** Instead of the 4,096 events after which the server suggests a new run. */
const SUGGESTED_AFTER = 60;

const warnings: LogEntry[] = [];
let env: TestWorkflowEnvironment;
beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('WARN', (entry) => warnings.push(entry)),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  const limit = ['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${SUGGESTED_AFTER}`];
  const executable = { type: 'existing-path', path: await findProgram('temporal', programSearch()) } as const;
  env = await TestWorkflowEnvironment.createLocal({
    server: { executable, extraArgs: ['--log-level', 'error', ...limit] },
  });
  await registerSearchAttributes(env.connection, 'default');
});
afterAll(() => env.teardown());

const warned = () => warnings.filter(({ message }) => message.startsWith('The history of a checkout'));

test('warns of an order whose history grows with every repair, long before Temporal ends it', async () => {
  const order = anOrder();
  let isBack = false;
  const awardLoyalty = async () => (isBack ? { points: 30 } : Promise.reject(new Error('The provider is away.')));
  const { activities } = recordingActivities({ awardLoyalty });
  const taskQueue = randomUUID();
  const { nativeConnection: connection, client } = env;
  const handle = await client.workflow.start(CHECKOUT_WORKFLOW, {
    workflowId: order.checkoutId,
    taskQueue,
    args: [{ ...order, attentionAfter: '1s' }],
  });
  const retry = (): Promise<void> => {
    const act = { id: randomUUID(), step: 'loyalty-awarded', action: 'retry', reason: 'again', operator: 'k' } as const;
    return handle.executeUpdate<void, [Repair]>(REPAIR, { updateId: act.id, args: [act] });
  };
  const worker = await Worker.create({ connection, taskQueue, workflowBundle: WORKFLOW_BUNDLE, activities });

  await worker.runUntil(async () => {
    await eventually(async () => {
      const { typedSearchAttributes } = await handle.describe();
      return typedSearchAttributes.get(CHECKOUT_STATE) === 'needs-attention' ? true : undefined;
    });
    expect(warned()).toEqual([]);
    await eventually(async () => {
      await retry();
      return warned().length > 0 ? true : undefined;
    });
    isBack = true;
    await retry();
    await handle.result();
  });

  expect(warned()[0]?.meta).toMatchObject({ checkoutId: order.checkoutId, events: expect.any(Number) });
});
