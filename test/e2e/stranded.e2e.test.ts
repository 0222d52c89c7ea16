import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { resourceIdOf } from '../../src/idempotency/key';
import { aKey, aRequest } from '../support/builders';
import { expectCompletedOnce, faultsFired, HELD_AT_PROVIDER, HELD_AT_TABLE, slowAnswer } from '../support/held-steps';
import { holdAtTable } from '../support/hold-at-table';
import { RunningStack } from '../support/running-stack';
import { verify } from '../tools/verify/verify-command';

/** The reconciler looks every twenty seconds, and resumes an order at most once a minute. */
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

/** Longer than it takes to terminate the workflow. */
const HELD_MS = 3_000;

const anOrder = () => {
  const key = aKey();
  const handle = new Client({ connection }).workflow.getHandle(checkoutWorkflowId('acme', key));
  return { key, handle, id: resourceIdOf('chk', 'acme', key) };
};

/** Terminates it like a person in the Web UI. */
const terminate = (handle: WorkflowHandle) => handle.terminate('by hand');

test(
  'an order terminated in the middle of any step is resumed and completes, once',
  async () => {
    const atProvider = HELD_AT_PROVIDER.map((call) => ({ ...anOrder(), call }));
    await stack.faults(atProvider.map(({ id, call }) => slowAnswer(call, id, HELD_MS)));
    for (const { key } of atProvider) await stack.place(aRequest(), { key });
    await faultsFired(stack);
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

    for (const { id } of [...atProvider, ...atTable]) await expectCompletedOnce(stack, id);
    const { P14 } = (await verify(stack.dataDir, ['--only', 'P14'])).answer.promises;
    expect(P14).toMatchObject({ violations: 0, pending: 0 });
    // Not all of them: a fast-lane workflow task that was under way still brings its order to an end.
    expect(P14.details['terminated']).toMatchObject({ orders: expect.any(Number) });
  },
  PATIENCE_MS,
);
