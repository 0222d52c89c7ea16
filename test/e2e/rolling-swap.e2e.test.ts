import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { Build } from '../../src/deployment/builds';
import { packageRoot } from '../../src/local/stack/package-root';
import { aKey } from '../support/builders';
import { eventually } from '../support/eventually';
import { executionOf, pidsOf } from '../support/run-history';
import { idIn, RunningStack } from '../support/running-stack';
import { aDataDir, startTestStack } from '../support/test-stack';
import type { TestStack } from '../support/test-stack';
import { startWorker } from '../support/worker-process';
import type { WorkerProcess } from '../support/worker-process';

const ORDERS = 200;
/** How many orders are under way at a time, so that both builds have some whenever the version is swapped. */
const LANES = 10;
/** Early and late: each swap takes as long as some dozen orders, which still start on the previous build. */
const SWAP_AFTER = { 40: 'green', 150: 'blue' } as Readonly<Record<number, string>>;

let run: TestStack;
let stack: RunningStack;
let green: WorkerProcess;
let connection: Connection;
let client: Client;
beforeAll(async () => {
  run = await startTestStack(aDataDir(), { BUILD_ID: 'blue', PAYLOAD_KEYS: 'off' });
  stack = new RunningStack(run.dataDir);
  green = await startWorker(run.stack, { BUILD_ID: 'green', WORKER_PROMOTE: 'off' });
  connection = await Connection.connect({ address: run.stack.temporal });
  client = new Client({ connection });
});
afterAll(async () => {
  await connection.close();
  await stack.db.close();
  await green.stop();
  await run.stop();
});

/** The command that a person types. */
async function promote(...args: string[]): Promise<Build[]> {
  const command = [path.join(packageRoot(), 'dist/src/bin/promote.js'), ...args, '--json'];
  const env = { ...process.env, DATA_DIR: run.dataDir, TEMPORAL_ADDRESS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, command, { env });
  return (JSON.parse(stdout) as { builds: Build[] }).builds;
}

const currentOf = (builds: readonly Build[]) => builds.find(({ state }) => state === 'current')?.build;

async function placeAndSeeItEnd(): Promise<{ key: string; state: string }> {
  const key = aKey();
  const placed = await stack.place(undefined, { key, headers: { prefer: 'wait=30' } });
  const { state } = await stack.ended(idIn(placed));
  return { key, state };
}

test('200 orders, two builds side by side, swapped both ways: each order stays with the build that started it', async () => {
  expect(currentOf(await promote())).toBe('blue');
  const ended: { key: string; state: string }[] = [];
  const swaps: Promise<Build[]>[] = [];
  let placed = 0;
  const lane = async () => {
    while (placed < ORDERS) {
      const to = SWAP_AFTER[(placed += 1)];
      if (to !== undefined) swaps.push(promote(to));
      ended.push(await placeAndSeeItEnd());
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));

  expect((await Promise.all(swaps)).map(currentOf)).toEqual(['green', 'blue']);
  expect(ended.filter(({ state }) => state !== 'completed')).toEqual([]);
  const executions = await Promise.all(ended.map(({ key }) => executionOf(client, key)));
  const worker = { blue: stack.file.pids.worker, green: green.pid } as Readonly<Record<string, number | undefined>>;
  for (const execution of executions) {
    const { boundTo, builds, troubles } = execution;
    const pids = [...pidsOf([execution])];
    expect({ builds, pids, troubles }).toEqual({ builds: [boundTo], pids: [worker[boundTo]], troubles: [] });
  }
  const began = executions.map(({ boundTo }) => boundTo);
  expect(began).toHaveLength(ORDERS);
  for (const build of ['blue', 'green']) {
    expect(began.filter((one) => one === build).length).toBeGreaterThan(ORDERS / 10);
  }
});

test('a worker of the old build that crashes and comes back does not take new checkouts', async () => {
  await promote('green');
  const { worker } = stack.file.pids;
  process.kill(worker ?? 0, 'SIGKILL');
  await eventually(() => (stack.file.pids.worker === worker ? undefined : true));

  const { key, state } = await placeAndSeeItEnd();

  expect(currentOf(await promote())).toBe('green');
  expect(state).toBe('completed');
  expect((await executionOf(client, key)).builds).toEqual(['green']);
});

test('a promotion with orders moves open orders, for example where a bug has stopped them', async () => {
  await promote('blue');
  await stack.faults([{ provider: 'payments', operation: 'authorize', kind: 'fail-before' }]);
  const key = aKey();
  const id = idIn(await stack.place(undefined, { key }));
  const openOnBlue = async () => (await promote()).find(({ build }) => build === 'blue')?.openOrders;
  await eventually(async () => ((await openOnBlue()) === 1 ? true : undefined));

  await promote('green', '--with-orders');
  await stack.faults([]);

  expect((await stack.ended(id)).state).toBe('completed');
  expect((await executionOf(client, key)).builds).toEqual(['blue', 'green']);
});

test('refuses to promote a build without a worker', async () => {
  await expect(promote('red')).rejects.toThrow(/No worker of build red is running/);
});
