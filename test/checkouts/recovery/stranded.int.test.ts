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

test('resumes an order whose workflow history was deleted', async () => {
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

test('resumes an order whose run completed without ending it', async () => {
  const order = await accepted(world.db);
  await (await world.start(order)).terminate('by hand');
  await world.db.query(`update checkouts set resumes = 1, resumed_at = null where id = $1`, [order.checkoutId]);
  const run = await world.runOf(order);
  await world.client.workflow.start('checkout', {
    workflowId: run.workflowId,
    taskQueue: 'checkout',
    // Another order's input: it stands for a bug that lets a run complete without ending its own order.
    args: [await accepted(world.db)],
  });
  await run.result();

  await world.reconcile();

  expect((await ended(order)).state).toBe('completed');
  expect(await resumesOf(order)).toEqual(['completed']);
});

test('leaves alone what runs, was never started or has ended', async () => {
  const [running, neverStarted, finished] = [
    await accepted(world.db),
    await accepted(world.db),
    await accepted(world.db),
  ];
  await world.start(running);
  await world.activities.createOrder(finished);
  await world.activities.cancelOrder(unwinding(finished));

  await world.reconcile();

  for (const order of [running, neverStarted, finished]) expect(await resumesOf(order)).toEqual([]);
});

const unavailable = () => Promise.reject(new ServiceError('14 UNAVAILABLE: no connection'));

test('a workflow is gone only if the server says that there is none; no other error counts', async () => {
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

test('resumes an order once when ten processes find it', async () => {
  const order = await terminated();
  const seen = await unended(order);

  const resumed = await Promise.all(
    Array.from({ length: 10 }, () => resumeCheckout(world.recovery, seen, { found: 'terminated' })),
  );

  expect(resumed.filter((claimed) => claimed !== undefined)).toHaveLength(1);
  expect((await ended(order)).state).toBe('completed');
  expect(await resumesOf(order)).toEqual(['terminated']);
});

test('does not claim an order that has ended since it was found', async () => {
  const order = await terminated();
  const seen = await unended(order);
  await world.activities.createOrder(order);
  await world.activities.cancelOrder(unwinding(order));

  expect(await claimResume(world.db, seen, { found: 'terminated' })).toBeUndefined();
});

test('retries a resume that Temporal did not accept after a minute, and until then counts the order as stranded', async () => {
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

test('an order that was started, but not recorded as started, is no longer stranded', async () => {
  const order = await accepted(world.db);
  await world.start(order);
  await world.db.query(`update checkouts set stranded_at = now() where id = $1`, [order.checkoutId]);

  await world.reconcile();

  expect(await isStranded(order)).toBe(false);
  expect(await resumesOf(order)).toEqual([]);
});

test('an order that cannot be looked up holds up no other', async () => {
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

test('only one of several processes looks in each round', async () => {
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

test('restores the search attributes that a namespace lost, and resumes the order', async () => {
  const other = await recoveryWorld({ searchAttributes: false });
  const order = await accepted(other.db);
  await other.db.query(`update checkouts set started_at = now() where id = $1`, [order.checkoutId]);

  const state = await eventually(async () => {
    // As if the minute before the next attempt had passed.
    await other.db.query(`update checkouts set resumed_at = null`);
    await other.reconcile().catch(() => undefined);
    const checkout = await stateOf(other.db, order);
    return hasEnded(checkout.state) ? checkout.state : undefined;
  });
  expect(state).toBe('completed');
  await other.close();
});
