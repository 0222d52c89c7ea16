import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { aKey } from '../support/builders';
import { eventually } from '../support/eventually';
import { executionOf, pidsOf } from '../support/run-history';
import { idIn, RunningStack } from '../support/running-stack';
import { aDataDir, startTestStack } from '../support/test-stack';
import type { TestStack } from '../support/test-stack';

let run: TestStack;
let stack: RunningStack;
let connection: Connection;
beforeAll(async () => {
  run = await startTestStack(aDataDir(), { PAYLOAD_KEYS: 'off' });
  stack = new RunningStack(run.dataDir);
  connection = await Connection.connect({ address: run.stack.temporal });
});
afterAll(async () => {
  await connection.close();
  await stack.db.close();
  await run.stop();
});

const ORDERS = 30;
const SLOW = ['payments', 'warehouse', 'mail', 'carrier'].map((provider) => ({
  provider,
  kind: 'slow',
  delayMs: 1_500,
}));

test('a worker stopped under load finishes what it has begun, so no activity times out', async () => {
  const client = new Client({ connection });
  const { worker = 0 } = stack.file.pids;
  await stack.faults(SLOW);
  const keys = Array.from({ length: ORDERS }, () => aKey());
  const ids = await Promise.all(keys.map(async (key) => idIn(await stack.place(undefined, { key }))));
  // By then some orders are at their second step, and some are further.
  await eventually(async () => ((await stack.firedFaults()).some((fired) => fired >= ORDERS / 2) ? true : undefined));

  const stoppedAt = Date.now();
  process.kill(worker, 'SIGTERM');
  await eventually(() => (run.output().includes('Worker stopped') ? true : undefined));

  expect(run.output()).toContain('Worker stopped (exit code 0); starting it again');
  const states = await Promise.all(ids.map(async (id) => (await stack.ended(id)).state));
  expect(states).toEqual(ids.map(() => 'completed'));
  const executions = await Promise.all(keys.map((key) => executionOf(client, key)));
  expect(executions.flatMap(({ troubles }) => troubles)).toEqual([]);
  const underWay = executions
    .flatMap(({ tasks }) => tasks)
    .filter(({ startedMs, endedMs }) => startedMs < stoppedAt && endedMs > stoppedAt);
  expect(underWay.length).toBeGreaterThan(ORDERS / 3);
  expect(new Set(underWay.map(({ pid }) => pid))).toEqual(new Set([worker]));
  // On a busy machine all of them were begun by then, and the next worker finds nothing to do.
  expect([worker, stack.file.pids.worker]).toEqual(expect.arrayContaining([...pidsOf(executions)]));
});
