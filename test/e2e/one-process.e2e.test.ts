import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { STEPS } from '../../src/domain/steps';
import { resourceIdOf } from '../../src/idempotency/key';
import { aKey, aRequest } from '../support/builders';
import { eventsOf } from '../support/checkout-world';
import { wasStartedEagerly } from '../support/eager-start';
import { eventually } from '../support/eventually';
import { executionOf } from '../support/run-history';
import { idIn, RunningStack } from '../support/running-stack';
import { TcpProxy } from '../support/tcp-proxy';
import { aDataDir, startTestStack } from '../support/test-stack';
import type { TestStack } from '../support/test-stack';
import { startWorker } from '../support/worker-process';

const OWN_BUILD = 'own';
const ORDERS = 10;
/** Enough time to check several times which build is current. */
const LOOKED_WITHIN_MS = 30_000;
const WAITING = { headers: { prefer: 'wait=30' } };

let run: TestStack;
let stack: RunningStack;
let connection: Connection;
let client: Client;
beforeAll(async () => {
  run = await startTestStack(aDataDir(), { BUILD_ID: OWN_BUILD, PAYLOAD_KEYS: 'off' }, ['--one-process']);
  stack = new RunningStack(run.dataDir);
  connection = await Connection.connect({ address: run.stack.temporal });
  client = new Client({ connection });
});
afterEach(() => stack.faults([]));
afterAll(async () => {
  await connection.close();
  await stack.db.close();
  await run.stop();
});

/** Kills the process; resolves when the supervisor has started another. */
async function killService(): Promise<void> {
  const { api } = stack.file.pids;
  if (api === undefined) throw new Error('The stack has no API');
  process.kill(api, 'SIGKILL');
  await isAnotherThan(api);
}

const isAnotherThan = (api: number | undefined): Promise<true> =>
  eventually(() => (stack.file.pids.api === api ? undefined : true));

async function placeAndSeeItEnd(): Promise<string> {
  const key = aKey();
  expect((await stack.ended(idIn(await stack.place(undefined, { key })))).state).toBe('completed');
  return key;
}

/** The first order that was, or was not, started eagerly: a service checks every few seconds whether it may start eagerly. */
async function orderStarted(eagerly: boolean): Promise<string> {
  for (const giveUpAt = Date.now() + LOOKED_WITHIN_MS; Date.now() < giveUpAt;) {
    const key = await placeAndSeeItEnd();
    if ((await wasStartedEagerly(client, key)) === eagerly) return key;
  }
  throw new Error(`No order was started ${eagerly ? 'eagerly' : 'otherwise'} within ${LOOKED_WITHIN_MS} ms`);
}

async function expectCompletedOnce(id: string): Promise<void> {
  const checkout = await stack.ended(id);
  expect({ id, state: checkout.state }).toEqual({ id, state: 'completed' });
  const events = await eventsOf(stack.db, { checkoutId: id, tenant: 'acme' });
  expect(events.filter((type) => type !== 'payment.captured')).toHaveLength(STEPS.length + 1);
  expect((await stack.authorizations(id)).filter((outcome) => outcome === 'authorized')).toHaveLength(1);
}

test('one process is API and worker, and runs checkouts to both ends', async () => {
  const { api, worker } = stack.file.pids;
  const key = aKey();

  const bought = await stack.place(undefined, { key, ...WAITING });
  const declined = await stack.place(aRequest({ payment: { token: 'tok_declined' } }), WAITING);

  expect([bought.status, declined.status]).toEqual([201, 402]);
  expect(worker).toBeUndefined();
  const { tasks } = await executionOf(client, key);
  expect(new Set(tasks.map(({ pid }) => pid))).toEqual(new Set([api]));
});

test('starts a checkout eagerly: its first task comes with the answer to its start', async () => {
  const { tasks, troubles } = await executionOf(client, await orderStarted(true));

  expect(tasks.map(({ pid }) => pid)).toEqual([stack.file.pids.api]);
  expect(troubles).toEqual([]);
});

test('killed in the middle of many orders, it ends each of them once', async () => {
  await orderStarted(true);
  const keys = Array.from({ length: ORDERS }, aKey);
  const ids = keys.map((key) => resourceIdOf('chk', 'acme', key));
  // At the mail provider, four steps are committed that the history does not have.
  const slow = { provider: 'mail', operation: 'send', kind: 'slow', delayMs: 1_500, times: 1 };
  await stack.faults(ids.map((key) => ({ ...slow, key })));

  await Promise.all(keys.map((key) => stack.place(undefined, { key })));
  await eventually(async () => ((await stack.firedFaults()).some((fired) => fired === 1) ? true : undefined));
  await killService();

  for (const id of ids) await expectCompletedOnce(id);
});

test('stopped under load, it answers waiting clients and lets its worker finish', async () => {
  const { api } = stack.file.pids;
  const slow = { provider: 'mail', operation: 'send', kind: 'slow', delayMs: 1_500, times: 1 };
  const keys = Array.from({ length: ORDERS }, aKey);
  await stack.faults(keys.map((each) => ({ ...slow, key: resourceIdOf('chk', 'acme', each) })));

  const answers = Promise.all(keys.map((each) => stack.place(undefined, { key: each, ...WAITING })));
  await eventually(async () =>
    (await stack.firedFaults()).filter((fired) => fired === 1).length > 1 ? true : undefined,
  );
  process.kill(api ?? 0, 'SIGTERM');

  expect((await answers).map(({ status }) => [201, 202].includes(status))).toEqual(keys.map(() => true));
  await eventually(() => (run.output().includes('API stopped (exit code 0); starting it again') ? true : undefined));
  await isAnotherThan(api);
  for (const each of keys) await expectCompletedOnce(resourceIdOf('chk', 'acme', each));
  const executions = await Promise.all(keys.map((each) => executionOf(client, each)));
  expect(executions.flatMap(({ troubles }) => troubles)).toEqual([]);
});

test('accepts while Temporal hangs, even right after its own start, and the orders end once Temporal is back', async () => {
  const { temporal } = stack.file.pids;
  if (temporal === undefined) throw new Error('The stack has no Temporal');
  const [before, after] = [aKey(), aKey()];

  process.kill(temporal, 'SIGSTOP');
  const statuses = [(await stack.place(undefined, { key: before })).status];
  await killService();
  statuses.push((await stack.place(undefined, { key: after })).status);
  process.kill(temporal, 'SIGCONT');

  expect(statuses).toEqual([202, 202]);
  for (const key of [before, after]) await expectCompletedOnce(resourceIdOf('chk', 'acme', key));
});

test('its worker is back after a restart of Temporal, and the API stays up throughout', async () => {
  const { temporal, api } = stack.file.pids;
  process.kill(temporal ?? 0, 'SIGKILL');
  await eventually(() => (stack.file.pids.temporal === temporal ? undefined : true));

  await orderStarted(true);

  expect(stack.file.pids.api).toBe(api);
});

test("accepts while nothing listens at Temporal's address, and its worker starts once something does", async () => {
  const { proxy, url } = await TcpProxy.inFrontOf(`http://${run.stack.temporal}`);
  proxy.refuse();
  const env = { TEMPORAL_ADDRESS: new URL(url).host, BUILD_ID: OWN_BUILD, WORKER_PROMOTE: 'off' };
  const own = { REDIS_URL: 'off', SANDBOX_KEYS: 'on', PAYLOAD_KEYS: 'off', PORT: '0' };
  const second = await startWorker(run.stack, { ...env, ...own }, 'service');
  const place = async () => {
    const key = aKey();
    const placed = await stack.place(undefined, { key, api: second.address });
    return { key, placed };
  };
  try {
    const { placed } = await place();
    expect(placed.status).toBe(202);

    proxy.accept();

    await expectCompletedOnce(idIn(placed));
    await eventually(async () => {
      const { key, placed } = await place();
      await stack.ended(idIn(placed));
      const { tasks } = await executionOf(client, key);
      return tasks.every(({ pid }) => pid === second.pid) && (await wasStartedEagerly(client, key)) ? true : undefined;
    });
  } finally {
    expect(await second.stop()).toBe(0);
    await proxy.close();
  }
});

test('once another build is current, new checkouts go to that build and are not started eagerly', async () => {
  await orderStarted(true);
  const next = await startWorker(run.stack, { BUILD_ID: 'next', WORKER_PROMOTE: 'new' });

  try {
    const keys = [await orderStarted(false)];
    while (keys.length < ORDERS) keys.push(await placeAndSeeItEnd());

    for (const key of keys) {
      expect(await wasStartedEagerly(client, key)).toBe(false);
      expect((await executionOf(client, key)).builds).toEqual(['next']);
    }
  } finally {
    await next.stop();
  }
});
