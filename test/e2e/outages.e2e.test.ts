import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import fc from 'fast-check';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { resourceIdOf } from '../../src/idempotency/key';
import { openRedis } from '../../src/runtime/redis';
import { aKey, aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { LoadClient } from '../support/load-client';
import { OwnStack } from '../support/own-stack';
import { signalTree } from '../support/signal-tree';

/** `npm run test:outages` sets larger figures; the daily run is shorter. */
const KILLS = Number(process.env['OUTAGE_KILLS'] ?? 10);
const ACCEPTED_WITHOUT_TEMPORAL = Number(process.env['OUTAGE_ACCEPTANCES'] ?? 40);
const SECONDS_WITHOUT_TEMPORAL = Number(process.env['OUTAGE_SECONDS'] ?? 0);
const KEYS = 50;
/** With all 5,000 connections at once, a busy client sends its last request later than the 10 s for which the API waits. */
const KEYS_AT_ONCE = 10;
const DUPLICATES = Number(process.env['OUTAGE_DUPLICATES'] ?? 100);
const SEED = 20261124;
/** Accepting is much faster than the saga, and the whole backlog must run before a test can end: at most fifteen orders a second. */
const BEARABLE_LOAD = { pauseMs: 400 };

let stack: OwnStack;
beforeAll(async () => (stack = await OwnStack.start()));
afterAll(() => stack.stop());

const count = async (text: string, values: unknown[]) => (await stack.db.query(text, values)).rowCount ?? 0;

/** What must hold for every acknowledged order, whatever was killed. */
async function expectEachOnce(ids: readonly string[]): Promise<void> {
  const others: unknown[] = [];
  for (const id of ids) {
    const { state, refusal } = await stack.ended(id);
    if (state !== 'completed') others.push({ id, state, refusal });
  }
  expect(others).toEqual([]);
  expect(await count(`select from orders where checkout_id = any ($1)`, [ids])).toBe(ids.length);
  const authorized = (await stack.journal('payments')).filter(({ outcome }) => outcome === 'authorized');
  const wanted = new Set(ids.map((id) => `${id}:payment-authorized`));
  const keys = authorized.map(({ key }) => key).filter((key) => wanted.has(key));
  expect(keys).toHaveLength(ids.length);
  expect(new Set(keys).size).toBe(ids.length);
}

test('100 identical concurrent requests for each of 50 keys: one checkout each, and the same bytes for all', async () => {
  const keys = Array.from({ length: KEYS }, aKey);

  const burst = (key: string) =>
    Promise.all(Array.from({ length: DUPLICATES }, () => stack.place(aRequest(), { key })));

  const answers: Awaited<ReturnType<typeof burst>>[] = [];
  for (let from = 0; from < KEYS; from += KEYS_AT_ONCE) {
    answers.push(...(await Promise.all(keys.slice(from, from + KEYS_AT_ONCE).map(burst))));
  }

  expect(answers).toHaveLength(KEYS);
  for (const ofKey of answers) {
    expect(new Set(ofKey.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(ofKey.map(({ body }) => body.toString())).size).toBe(1);
    expect(ofKey.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
  }
  await expectEachOnce(keys.map((key) => resourceIdOf('chk', 'acme', key)));
});

test(`the API killed at ${KILLS} random moments under load: every acknowledged order exists and ends, once`, async () => {
  const load = new LoadClient(stack, { clients: 6, ...BEARABLE_LOAD });
  const pauses = fc.sample(fc.integer({ min: 0, max: 30 }), { numRuns: KILLS, seed: SEED });

  for (const acknowledgements of pauses) {
    // A moment is a number of acknowledgements: random, and repeatable with the seed.
    await load.acknowledged(load.journal.length + acknowledgements);
    const { api } = stack.file.pids;
    if (api !== undefined) process.kill(api, 'SIGKILL');
    await eventually(() => (stack.file.pids.api === api ? undefined : true));
  }
  await load.stop();

  expect(load.differences).toEqual([]);
  expect(load.journal.length).toBeGreaterThan(KILLS);
  await expectEachOnce(load.journal.map(({ id }) => id));
}, 1_800_000);

test('Temporal stopped under load: checkouts are still accepted, and all of them run afterwards', async () => {
  const { temporal } = stack.file.pids;
  if (temporal === undefined) throw new Error('The stack has no Temporal');
  const load = new LoadClient(stack, { clients: 6, ...BEARABLE_LOAD });
  await load.acknowledged(5);

  process.kill(temporal, 'SIGSTOP');
  const before = load.journal.length;
  const until = Date.now() + SECONDS_WITHOUT_TEMPORAL * 1_000;
  await load.acknowledged(before + ACCEPTED_WITHOUT_TEMPORAL);
  await eventually(() => (Date.now() >= until ? true : undefined));
  process.kill(temporal, 'SIGCONT');
  await load.stop();

  expect(load.differences).toEqual([]);
  await expectEachOnce(load.journal.map(({ id }) => id));
}, 1_800_000);

test('Postgres stopped: 503 with Retry-After, and afterwards the key works', async () => {
  const { postgres } = stack.file.pids;
  if (postgres === undefined) throw new Error('The stack has no Postgres');
  const key = aKey();

  signalTree(postgres, 'SIGSTOP');
  const down = await stack.place(aRequest(), { key });
  signalTree(postgres, 'SIGCONT');
  const up = await eventually(async () => {
    const response = await stack.place(aRequest(), { key });
    return response.status === 202 ? response : undefined;
  });

  expect(down.status).toBe(503);
  expect(down.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(up.status).toBe(202);
  await expectEachOnce([resourceIdOf('chk', 'acme', key)]);
});

test('Redis flushed all the time, then killed: no answer changes', async () => {
  const { redis: url, pids } = stack.file;
  const load = new LoadClient(stack, { clients: 4 });
  const redis = openRedis(url ?? '', () => undefined);

  for (let acknowledged = 5; acknowledged <= 30; acknowledged += 1) {
    await load.acknowledged(acknowledged);
    await redis?.flushall().catch(() => undefined);
    if (acknowledged === 20 && pids.redis !== undefined) process.kill(pids.redis, 'SIGKILL');
  }
  redis?.disconnect();
  await load.stop();

  expect(load.differences).toEqual([]);
  await expectEachOnce(load.journal.map(({ id }) => id));
});

test('the closed workflow deleted from Temporal, then the same request: same bytes, and no second charge', async () => {
  const key = aKey();
  const waiting = { key, headers: { prefer: 'wait=20' } };
  const outcome = await stack.place(aRequest(), waiting);
  const id = resourceIdOf('chk', 'acme', key);
  const authorizations = await stack.authorizations(id);
  const connection = await Connection.connect({ address: stack.file.temporal });
  const handle = new Client({ connection }).workflow.getHandle(checkoutWorkflowId('acme', key));
  await handle.result().catch(() => undefined);
  const { workflowId, runId } = await handle.describe();
  await connection.workflowService.deleteWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId, runId },
  });
  await eventually(() =>
    handle.describe().then(
      () => undefined,
      () => true,
    ),
  );

  const again = await stack.place(aRequest(), waiting);

  expect(again.status).toBe(201);
  expect(again.body.equals(outcome.body)).toBe(true);
  await expect(handle.describe()).rejects.toThrow();
  expect(await stack.authorizations(id)).toEqual(authorizations);
  await connection.close();
});
