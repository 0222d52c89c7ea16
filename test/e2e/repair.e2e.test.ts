import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { packageRoot } from '../../src/local/stack/package-root';
import { aKey, aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { idIn, RunningStack } from '../support/running-stack';
import { startTestStack } from '../support/test-stack';
import type { TestStack } from '../support/test-stack';

let home: TestStack;
let stack: RunningStack;
let connection: Connection;
beforeAll(async () => {
  // A stack of its own, which calls operators sooner than after a quarter of an hour.
  home = await startTestStack(undefined, { ATTENTION_AFTER: '5s' });
  stack = new RunningStack(home.dataDir);
  connection = await Connection.connect({ address: stack.file.temporal });
});
afterAll(async () => {
  await connection.close();
  await stack.db.close();
  await home.stop();
});

/** Runs `npx durable-checkout …`, and returns what a shell would see. */
async function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = path.join(packageRoot(), 'dist/src/tools/cli/main.js');
  const run = promisify(execFile)(process.execPath, [program, ...args], {
    env: { ...process.env, DATA_DIR: home.dataDir },
  });
  return run.then(
    (streams) => ({ code: 0, ...streams }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

/** What the Web UI lists. */
async function needingAttention(): Promise<string[]> {
  const found: string[] = [];
  const query = "CheckoutState = 'needs-attention'";
  for await (const { workflowId } of new Client({ connection }).workflow.list({ query })) found.push(workflowId);
  return found;
}

test('an operator finds a parked order, sees what failed and why, repairs it and sees it end', async () => {
  expect(await cli('attention')).toMatchObject({ code: 0, stdout: 'Nothing needs attention.\n' });
  await stack.faults([{ provider: 'payments', operation: 'void', kind: 'fail-before' }]);
  const key = aKey();
  const id = idIn(await stack.place(aRequest({ items: [{ sku: 'SOLD-OUT', quantity: 2 }] }), { key }));

  const found = await eventually(async () => ((await needingAttention()).length > 0 ? needingAttention() : undefined));
  expect(found).toEqual([`checkout/acme/${key}`]);
  const attention = await cli('attention');
  expect(attention.code).toBe(3);
  expect(attention.stdout).toMatch(
    new RegExp(
      `${id}  acme    payment-authorized  undo  USD 80.00  The provider answered /provider/v1/payments/void with status`,
    ),
  );
  const advice = `npx durable-checkout repair ${id} --step payment-authorized --action retry --reason`;
  expect(attention.stdout).toContain(advice);
  expect(await cli('status', id)).toMatchObject({ code: 3 });

  await stack.faults([]);
  const words = [...advice.split(' ').slice(2), 'The processor is back.', '--key', 'repair-in-e2e'];
  expect(await cli(...words)).toMatchObject({ code: 0 });

  const ended = await stack.ended(id);
  expect([ended.state, ended.refusal?.code]).toEqual(['refused', 'out-of-stock']);
  await eventually(async () => ((await needingAttention()).length === 0 ? true : undefined));
  expect(await cli('attention')).toMatchObject({ code: 0 });
  expect((await stack.journal('payments', id)).at(-1)?.outcome).toBe('voided');
  // The same repair again gets the same answer, and another repair has nothing to do.
  expect(await cli(...words)).toMatchObject({ code: 0 });
  expect(await cli(...words.slice(0, -2))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nothing-to-repair'),
  });
});

test('a healthy checkout has nothing to repair, neither while it runs nor after its end', async () => {
  const id = idIn(await stack.place(aRequest({ payment: { token: 'tok_slow' } })));
  const words = ['repair', id, '--step', 'payment-authorized', '--action', 'retry', '--reason', 'I am impatient'];

  const during = await cli(...words);
  expect((await stack.ended(id)).state).toBe('completed');
  const after = await cli(...words, '--json');

  expect([during.code, after.code]).toEqual([1, 1]);
  expect(during.stderr).toContain('nothing-to-repair');
  expect(JSON.parse(after.stdout)).toMatchObject({ code: 'nothing-to-repair', status: 409 });
});
