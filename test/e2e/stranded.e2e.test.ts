import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { STEPS } from '../../src/domain/steps';
import { resourceIdOf } from '../../src/idempotency/key';
import { aKey, aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { holdAtTable } from '../support/hold-at-table';
import { RunningStack } from '../support/running-stack';

/** The reconciler looks every twenty seconds, and an order is started again at most once a minute. */
const PATIENCE_MS = 240_000;

let stack: RunningStack;
let connection: Connection;
beforeAll(async () => {
  stack = new RunningStack();
  connection = await Connection.connect({ address: stack.file.temporal });
});
afterEach(() => stack.faults([]));
afterAll(async () => {
  await connection.close();
  await stack.db.close();
});

const HELD_AT_PROVIDER = {
  'payment-authorized': ['payments', 'authorize'],
  'fulfillment-triggered': ['warehouse', 'fulfill'],
  'notification-sent': ['mail', 'send'],
  'label-generated': ['carrier', 'label'],
} as const;
const HELD_AT_TABLE = {
  'order-created': 'order_lines',
  'stock-reserved': 'stock_reservations',
  'loyalty-awarded': 'loyalty_awards',
} as const;
/** Longer than it takes to end the workflow. The provider acts all the same. */
const HELD_MS = 3_000;

const anOrder = () => {
  const key = aKey();
  const handle = new Client({ connection }).workflow.getHandle(checkoutWorkflowId('acme', key));
  return { key, handle, id: resourceIdOf('chk', 'acme', key) };
};

const faultFired = () =>
  eventually(async () => ((await stack.firedFaults()).every((fired) => fired >= 1) ? true : undefined));

async function expectCompletedOnce(id: string): Promise<void> {
  const checkout = await stack.ended(id);
  expect(checkout.state).toBe('completed');
  expect(checkout.steps.map(({ state }) => state)).toEqual(STEPS.map(() => 'done'));
  for (const [provider, effect] of [
    ['payments', 'authorized'],
    ['warehouse', 'triggered'],
    ['mail', 'sent'],
    ['carrier', 'generated'],
  ] as const) {
    const outcomes = (await stack.journal(provider, id)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === effect)).toHaveLength(1);
  }
}

/** Ends it as a person does in the Web UI. */
const terminate = (handle: WorkflowHandle) => handle.terminate('by hand');

test(
  'terminated in the middle of every step: each order is taken up again and finishes, once',
  async () => {
    const atProvider = Object.values(HELD_AT_PROVIDER).map(([provider, operation]) => ({
      ...anOrder(),
      rule: { provider, operation, kind: 'slow', delayMs: HELD_MS, times: 1 },
    }));
    await stack.faults(atProvider.map(({ id, rule }) => ({ ...rule, key: id })));
    for (const { key } of atProvider) await stack.place(aRequest(), { key });
    await faultFired();
    for (const { handle } of atProvider) await terminate(handle);

    const atTable = [];
    for (const table of Object.values(HELD_AT_TABLE)) {
      const order = anOrder();
      const held = await holdAtTable(stack, table);
      await stack.place(aRequest(), { key: order.key });
      await held.reached();
      await terminate(order.handle);
      await held.letGo();
      atTable.push(order);
    }

    for (const { id } of [...atProvider, ...atTable]) await expectCompletedOnce(id);
  },
  PATIENCE_MS,
);
