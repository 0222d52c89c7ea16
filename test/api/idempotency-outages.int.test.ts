import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { buildApp } from '../../api/app';
import { renderOutcome } from '../../api/idempotency/outcome';
import { checkoutsIn } from '../../src/checkouts/checkouts';
import { sweepUnstarted } from '../../src/checkouts/sweep-unstarted';
import { WorkflowStarter } from '../../src/checkouts/workflow-starter';
import type { Call } from '../../src/checkouts/workflows';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { openDatabase } from '../../src/postgres/database';
import { openRedis } from '../../src/runtime/redis';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { cacheOver } from '../support/cache-over';
import { letTimePass } from '../support/let-time-pass';
import { TcpProxy } from '../support/tcp-proxy';
import { claimsOf, codeOf, complete, describeRun, idOf, replayed } from './setup';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

/** The API with another route to Postgres. */
async function apiThrough(url: string) {
  const db = openDatabase(url, { connections: 4, onIdleError: () => undefined });
  const { watch, starter, options } = world;
  const checkouts = checkoutsIn(db, { starter, watch, renderOutcome });
  const app = await buildApp({ ...options, checkouts });
  return { app, close: () => Promise.all([app.close(), db.close()]) };
}

test('process died after the claim, or Temporal is down: 202, and the sweep starts it once', async () => {
  const nowhere = Connection.lazy({ address: '127.0.0.1:1' });
  const failed: string[] = [];
  const call: Call = (work) => nowhere.withDeadline(Date.now() + 200, () => work(new Client({ connection: nowhere })));
  const starter = new WorkflowStarter({ call, startOptions: {} }, (checkoutId) => failed.push(checkoutId));
  const { db, watch, options } = world;
  const checkouts = checkoutsIn(db, { starter, watch, renderOutcome });
  const app = await buildApp({ ...options, checkouts });
  const key = aKey();

  const accepted = await place(app, { key });
  await starter.idle();
  await expect(describeRun(world, key)).rejects.toThrow();
  await letTimePass(db, 5_000, key);
  await Promise.all([sweepUnstarted(db, world.workflows), sweepUnstarted(db, world.workflows)]);

  expect(accepted.statusCode).toBe(202);
  expect(failed).toEqual([idOf(accepted)]);
  expect((await describeRun(world, key)).status.name).toBe('RUNNING');
  await app.close();
  await nowhere.close();
});

test('commit acknowledgement lost: the claim is read again, and there is one', async () => {
  const { proxy, url } = await TcpProxy.inFrontOf(world.databaseUrl);
  const through = await apiThrough(url);
  const key = aKey();
  const lost = proxy.loseAnswerTo('commit');

  const first = await place(through.app, { key });
  await lost;
  const again = await place(world.app, { key });

  expect(first.statusCode).toBe(202);
  expect(replayed(first)).toBe(false);
  expect(again.body).toBe(first.body);
  expect(await claimsOf(world, key)).toBe(1);
  await through.close();
  await proxy.close();
});

test('Postgres down: 503 with Retry-After, nothing starts and nothing is stored; later the key works', async () => {
  const { proxy, url } = await TcpProxy.inFrontOf(world.databaseUrl);
  const through = await apiThrough(url);
  const key = aKey();
  proxy.refuse();

  const down = await place(through.app, { key });
  await expect(describeRun(world, key)).rejects.toThrow();
  proxy.accept();
  const up = await place(through.app, { key });

  expect([down.statusCode, codeOf(down)]).toEqual([503, 'unavailable']);
  expect(down.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  expect(up.statusCode).toBe(202);
  expect(replayed(up)).toBe(false);
  await through.close();
  await proxy.close();
});

test('Redis down: same answers, straight from Postgres', async () => {
  const nowhere = openRedis('redis://127.0.0.1:1', () => undefined);
  if (!nowhere) throw new Error('There is a client, and no server');
  const app = await buildApp({ ...world.options, cache: cacheOver(nowhere, world.db, Date.now) });
  const key = aKey();

  const first = await place(app, { key });
  const again = await place(app, { key });
  const reused = await place(app, { key, body: aRequest({ currency: 'EUR' }) });

  expect([first.statusCode, again.statusCode, reused.statusCode]).toEqual([202, 202, 422]);
  expect(again.rawPayload.equals(first.rawPayload)).toBe(true);
  expect([first, again].map(replayed)).toEqual([false, true]);
  await app.close();
  nowhere.disconnect();
});

test("Temporal's retention has dropped the run: replayed from Postgres, and nothing starts", async () => {
  const key = aKey();
  const first = await place(world.app, { key });
  await world.starter.idle();
  await complete(world, idOf(first));
  const outcome = await place(world.app, { key, headers: { prefer: 'wait=5' } });
  const { runId } = await describeRun(world, key);
  const workflowExecution = { workflowId: checkoutWorkflowId('acme', key), runId };
  await world.client.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution });
  const gone = async (): Promise<void> =>
    (await describeRun(world, key).then(
      () => false,
      () => true,
    ))
      ? undefined
      : gone();
  await gone();
  await world.flushRedis();

  const acceptance = await place(world.app, { key });
  const again = await place(world.app, { key, headers: { prefer: 'wait=5' } });
  await letTimePass(world.db, 60_000, key);
  await sweepUnstarted(world.db, world.workflows);

  expect(acceptance.rawPayload.equals(first.rawPayload)).toBe(true);
  expect(again.rawPayload.equals(outcome.rawPayload)).toBe(true);
  await expect(describeRun(world, key)).rejects.toThrow();
});
