import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, ServiceError } from '@temporalio/client';
import { pino } from 'pino';
import type { OrderKey } from '../../../src/contract/checkout';
import { hasEnded } from '../../../src/domain/checkout-states';
import { claimResume } from '../../../src/checkouts/recovery/claim';
import { findRun } from '../../../src/checkouts/recovery/find-run';
import { reconcile } from '../../../src/checkouts/recovery/reconcile';
import { resumeCheckout } from '../../../src/checkouts/recovery/resume-checkout';
import type { Recovery } from '../../../src/checkouts/recovery/resume-checkout';
import { accepted, stateOf, stepsBefore, unwinding } from '../../support/checkout-world';
import { eventually } from '../../support/eventually';
import { recoveryWorld } from '../../support/recovery-world';
import type { RecoveryWorld } from '../../support/recovery-world';

let world: RecoveryWorld;
beforeAll(async () => (world = await recoveryWorld()));
afterAll(() => world.close());

const ended = (order: OrderKey) =>
  eventually(async () => {
    const checkout = await stateOf(world.db, order);
    return hasEnded(checkout.state) ? checkout : undefined;
  });
const resumesOf = async ({ checkoutId }: OrderKey): Promise<string[]> => {
  const { rows } = await world.db.query<{ found: string }>(
    `select found from resumes where checkout_id = $1 order by number`,
    [checkoutId],
  );
  return rows.map(({ found }) => found);
};
const isStranded = async ({ checkoutId }: OrderKey) =>
  (await world.db.query(`select from checkouts where id = $1 and stranded_at is not null`, [checkoutId])).rowCount ===
  1;
const unended = async (order: OrderKey) => ({ ...order, idempotencyKey: await world.keyOf(order), resumes: 0 });

async function terminated(): Promise<OrderKey> {
  const order = await accepted(world.db);
  await (await world.start(order)).terminate('by hand');
  return order;
}

test('a workflow whose history was deleted is gone, and its order is taken up', async () => {
  const order = await accepted(world.db);
  const run = await world.start(order);
  await stepsBefore(world.activities, order, 3);
  const execution = { workflowId: run.workflowId };
  await world.client.workflowService.deleteWorkflowExecution({
    namespace: world.namespace,
    workflowExecution: execution,
  });
  await eventually(async () =>
    (await findRun(world.recovery.call, 'acme', await world.keyOf(order))) === 'gone' ? true : undefined,
  );

  await world.reconcile();

  expect((await ended(order)).state).toBe('completed');
  expect(await resumesOf(order)).toEqual(['gone']);
});

test('a run that completed although its order had not ended is followed by one that ends it', async () => {
  const order = await accepted(world.db);
  await (await world.start(order)).terminate('by hand');
  await world.db.query(`update checkouts set resumes = 1, resumed_at = null where id = $1`, [order.checkoutId]);
  const run = await world.runOf(order);
  await world.client.workflow.start('checkout', {
    workflowId: run.workflowId,
    taskQueue: 'checkout',
    // Another order's: a stand-in for a bug that lets a run complete without ending its own.
    args: [await accepted(world.db)],
  });
  await run.result();

  await world.reconcile();

  expect((await ended(order)).state).toBe('completed');
  expect(await resumesOf(order)).toEqual(['completed']);
});

test('what runs, what was never started and what has ended is left alone', async () => {
  const [running, neverStarted, over] = [await accepted(world.db), await accepted(world.db), await accepted(world.db)];
  await world.start(running);
  await world.activities.createOrder(over);
  await world.activities.cancelOrder(unwinding(over));

  await world.reconcile();

  for (const order of [running, neverStarted, over]) expect(await resumesOf(order)).toEqual([]);
});

const unavailable = () => Promise.reject(new ServiceError('14 UNAVAILABLE: no connection'));

test('only the word of the server that there is no such workflow means gone: no other error decides anything', async () => {
  const order = await terminated();
  const { connection } = world.client;
  const noSuchNamespace = new Client({ connection, namespace: 'no-such-namespace' });
  const ways: Recovery['call'][] = [
    (work) => work(noSuchNamespace),
    unavailable,
    () => Promise.reject(new Error('Temporal did not answer within 5000 ms')),
  ];

  for (const call of ways) await expect(world.reconcile({ call })).rejects.toThrow();

  expect(await resumesOf(order)).toEqual([]);
  expect(await isStranded(order)).toBe(false);
  await world.reconcile();
  expect((await ended(order)).state).toBe('completed');
});

test('ten who find the same order resume it once', async () => {
  const order = await terminated();
  const seen = await unended(order);

  const resumed = await Promise.all(
    Array.from({ length: 10 }, () => resumeCheckout(world.recovery, seen, { found: 'terminated' })),
  );

  expect(resumed.filter((claimed) => claimed !== undefined)).toHaveLength(1);
  expect((await ended(order)).state).toBe('completed');
  expect(await resumesOf(order)).toEqual(['terminated']);
});

test('an order that has ended since it was looked at is not claimed', async () => {
  const order = await terminated();
  const seen = await unended(order);
  await world.activities.createOrder(order);
  await world.activities.cancelOrder(unwinding(order));

  expect(await claimResume(world.db, seen, { found: 'terminated' })).toBeUndefined();
});

test('one that Temporal did not take is stranded until it does, and is tried again after a minute', async () => {
  const order = await terminated();
  const notStarting: Recovery['call'] = (work) =>
    work({
      workflow: { getHandle: world.client.workflow.getHandle.bind(world.client.workflow), start: unavailable },
    } as never);

  await world.reconcile({ call: notStarting }).catch(() => undefined);
  expect(await isStranded(order)).toBe(true);
  await world.reconcile();
  expect(await resumesOf(order)).toEqual(['terminated']);
  await world.db.query(`update checkouts set resumed_at = now() - interval '61 s' where id = $1`, [order.checkoutId]);
  await world.reconcile();

  expect((await ended(order)).state).toBe('completed');
  expect(await resumesOf(order)).toEqual(['terminated', 'terminated']);
  expect(await isStranded(order)).toBe(false);
});

test('one whose starter died before it said so is stranded no longer', async () => {
  const order = await accepted(world.db);
  await world.start(order);
  await world.db.query(`update checkouts set stranded_at = now() where id = $1`, [order.checkoutId]);

  await world.reconcile();

  expect(await isStranded(order)).toBe(false);
  expect(await resumesOf(order)).toEqual([]);
});

test('one that cannot be looked for holds up no other', async () => {
  const [bad, good] = [await terminated(), await terminated()];
  const key = await world.keyOf(bad);
  const call: Recovery['call'] = (work) =>
    world.recovery.call((client) => {
      const getHandle = (id: string) => {
        if (id.endsWith(key)) throw new ServiceError('13 INTERNAL');
        return client.workflow.getHandle(id);
      };
      return work({ workflow: { getHandle, start: client.workflow.start.bind(client.workflow) } } as never);
    });

  await world.reconcile({ call });

  expect(await resumesOf(bad)).toEqual([]);
  expect((await ended(good)).state).toBe('completed');
});

test('of several processes one looks in each turn', async () => {
  let looks = 0;
  const call: Recovery['call'] = (work) => {
    looks += 1;
    return world.recovery.call(work);
  };
  const order = await accepted(world.db);
  await world.start(order);
  await world.db.query(`update checkouts set resumed_at = now() where id <> $1`, [order.checkoutId]);
  await world.db.query(`update reconciler set turn_at = '-infinity'`);

  const logger = pino({ level: 'silent' });
  await Promise.all(Array.from({ length: 5 }, () => reconcile({ ...world.recovery, call }, logger)));

  expect(looks).toBe(1);
});

test('a namespace that has lost its search attributes gets them, and takes the order', async () => {
  const other = await recoveryWorld({ searchAttributes: false });
  const order = await accepted(other.db);
  await other.db.query(`update checkouts set started_at = now() where id = $1`, [order.checkoutId]);

  const state = await eventually(async () => {
    // The minute after which it is tried again.
    await other.db.query(`update checkouts set resumed_at = null`);
    await other.reconcile().catch(() => undefined);
    const checkout = await stateOf(other.db, order);
    return hasEnded(checkout.state) ? checkout.state : undefined;
  });
  expect(state).toBe('completed');
  await other.close();
});
