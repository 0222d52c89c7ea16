import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { STEPS } from '../../src/domain/steps';
import { resourceIdOf } from '../../src/idempotency/key';
import { aKey, aRequest } from '../support/builders';
import { eventsOf } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { expectCompletedOnce, faultsFired, HELD_AT_PROVIDER, HELD_AT_TABLE, slowAnswer } from '../support/held-steps';
import { holdAtTable } from '../support/hold-at-table';
import { RunningStack } from '../support/running-stack';

let stack: RunningStack;
beforeAll(() => {
  stack = new RunningStack();
});
afterEach(() => stack.faults([]));
afterAll(() => stack.db.close());

/** Long enough that the worker is dead by then; the provider acts anyway, and nobody receives its answer. */
const HELD_MS = 4_000;

async function killWorker(): Promise<void> {
  const { worker } = stack.file.pids;
  if (worker === undefined) throw new Error('The stack has no worker');
  process.kill(worker, 'SIGKILL');
  await eventually(() => (stack.file.pids.worker === worker ? undefined : true));
}

/** The event types in an order's history. */
async function historyOf(key: string) {
  const connection = await Connection.connect({ address: stack.file.temporal });
  const handle = new TemporalClient({ connection }).workflow.getHandle(checkoutWorkflowId('acme', key));
  const { events } = await handle.fetchHistory();
  await connection.close();
  return (events ?? []).map(({ eventType }) => temporal.api.enums.v1.EventType[eventType ?? 0]);
}

async function expectFinishedOnce(checkoutId: string): Promise<void> {
  await expectCompletedOnce(stack, checkoutId);
  const events = await eventsOf(stack.db, { checkoutId, tenant: 'acme' });
  expect(events.filter((type) => type !== 'payment.captured')).toHaveLength(STEPS.length + 1);
}

test('an order whose worker is killed in the middle of any provider call completes, once', async () => {
  const orders = HELD_AT_PROVIDER.map((call) => {
    const key = aKey();
    return { key, id: resourceIdOf('chk', 'acme', key), call };
  });
  await stack.faults(orders.map(({ id, call }) => slowAnswer(call, id, HELD_MS)));

  for (const { key } of orders) await stack.place(aRequest(), { key });
  await faultsFired(stack);
  await killWorker();

  for (const { id } of orders) await expectFinishedOnce(id);
});

test.each(['order-created', 'stock-reserved', 'loyalty-awarded'] as const)(
  'an order whose worker is killed in the middle of %s completes, once',
  async (step) => {
    const key = aKey();
    const held = await holdAtTable(stack, HELD_AT_TABLE[step]);

    await stack.place(aRequest(), { key });
    await held.reached();
    await killWorker();
    await held.letGo();

    await expectFinishedOnce(resourceIdOf('chk', 'acme', key));
  },
);

test('an order whose worker is killed after six committed steps that the history does not have completes, once, outside the fast lane', async () => {
  const key = aKey();
  const id = resourceIdOf('chk', 'acme', key);
  // Shorter than a first attempt may take: the carrier is called in the same workflow task as all the steps before it.
  await stack.faults([{ provider: 'carrier', operation: 'label', key: id, kind: 'slow', delayMs: 1_500, times: 1 }]);

  await stack.place(aRequest(), { key });
  await faultsFired(stack);
  const events = await historyOf(key);
  await killWorker();

  expect(events).toEqual([
    'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
    'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED',
    'EVENT_TYPE_WORKFLOW_TASK_STARTED',
  ]);
  await expectFinishedOnce(id);
  // So if the next worker dies, it loses one attempt of one step, and not all steps.
  const scheduled = (await historyOf(key)).filter((type) => type === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED');
  expect(scheduled).toHaveLength(STEPS.length);
});
