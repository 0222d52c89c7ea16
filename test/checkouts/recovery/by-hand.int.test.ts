import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ServiceError } from '@temporalio/client';
import type { OrderKey } from '../../../src/contract/checkout';
import { hasEnded } from '../../../src/domain/checkout-states';
import { listStranded } from '../../../src/checkouts/recovery/list-stranded';
import { resumeByHand } from '../../../src/checkouts/recovery/resume-by-hand';
import type { Recovery } from '../../../src/checkouts/recovery/resume-checkout';
import { accepted, stateOf, unwinding } from '../../support/checkout-world';
import { eventually } from '../../support/eventually';
import { recoveryWorld } from '../../support/recovery-world';
import type { RecoveryWorld } from '../../support/recovery-world';

let world: RecoveryWorld;
beforeAll(async () => (world = await recoveryWorld()));
afterAll(() => world.close());

const act = (name: string, reason = 'The database was emptied.') => ({ id: name, reason, operator: 'key-1' });
const resume = ({ checkoutId }: OrderKey, asked = act(checkoutId), { recovery = world.recovery, tenant = '*' } = {}) =>
  resumeByHand(recovery, tenant, checkoutId, asked);

const ended = (order: OrderKey) =>
  eventually(async () => {
    const { state } = await stateOf(world.db, order);
    return hasEnded(state) ? state : undefined;
  });
const resumesOf = async ({ checkoutId }: OrderKey) =>
  (
    await world.db.query(`select found, id, reason, operator from resumes where checkout_id = $1 order by number`, [
      checkoutId,
    ])
  ).rows;
const refuse = async (order: OrderKey) => {
  await world.activities.createOrder(order);
  await world.activities.cancelOrder(unwinding(order));
};

async function terminated(): Promise<OrderKey> {
  const order = await accepted(world.db);
  await (await world.start(order)).terminate('by hand');
  return order;
}

/** Temporal says what became of a run, but starts no new one. */
const takesNone = (): Recovery => ({
  ...world.recovery,
  call: (work) =>
    work({
      workflow: {
        getHandle: world.client.workflow.getHandle.bind(world.client.workflow),
        start: () => Promise.reject(new ServiceError('14 UNAVAILABLE: no connection')),
      },
    } as never),
});

test('resumes a stranded order, and records who did it, when and why', async () => {
  const order = await terminated();

  expect(await resume(order, act('key-of-one-act'))).toEqual({ outcome: 'done' });

  expect(await ended(order)).toBe('completed');
  expect(await resumesOf(order)).toEqual([{ found: 'terminated', ...act('key-of-one-act') }]);
});

test('resumes once per key, even after the order has ended; the same key with another reason is refused', async () => {
  const order = await terminated();
  await resume(order);

  expect(await resume(order)).toEqual({ outcome: 'done' });
  await ended(order);
  expect(await resume(order)).toEqual({ outcome: 'done' });
  expect(await resume(order, act(order.checkoutId, 'Because.'))).toEqual({ outcome: 'reused' });
  expect(await resumesOf(order)).toHaveLength(1);
});

test('a resume whose start failed starts when it is repeated, and is recorded once', async () => {
  const order = await terminated();

  await expect(resume(order, act(order.checkoutId), { recovery: takesNone() })).rejects.toThrow('UNAVAILABLE');
  expect(await resume(order)).toEqual({ outcome: 'done' });

  expect(await ended(order)).toBe('completed');
  const audited = (await resumesOf(order)).filter(({ id }) => id !== null);
  expect(audited).toEqual([{ found: 'terminated', ...act(order.checkoutId) }]);
});

test('does not resume an order while another resume of it may be starting it', async () => {
  const order = await terminated();
  await resume(order, act(order.checkoutId), { recovery: takesNone() }).catch(() => undefined);
  await world.db.query(`update checkouts set resumed_at = now() where id = $1`, [order.checkoutId]);

  expect(await resume(order)).toEqual({ outcome: 'in-use' });
  expect(await resume(order, act('another'))).toEqual({
    outcome: 'refused',
    sentence: 'Somebody else is already resuming it.',
  });

  await world.db.query(`update checkouts set resumed_at = now() - interval '11 s' where id = $1`, [order.checkoutId]);
  expect(await resume(order)).toEqual({ outcome: 'done' });
  expect(await ended(order)).toBe('completed');
});

test('resumes once for ten concurrent operators, and answers each of them', async () => {
  const order = await terminated();

  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, at) => resume(order, act(`${order.checkoutId}:${at}`))),
  );

  expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
  expect(answers.filter(({ outcome }) => outcome === 'refused')).toHaveLength(9);
  expect(await resumesOf(order)).toHaveLength(1);
  expect(await ended(order)).toBe('completed');
});

test("does not resume a checkout that runs, has ended, has not begun, is unknown or is another tenant's", async () => {
  const [running, finished, unbegun] = [await accepted(world.db), await accepted(world.db), await accepted(world.db)];
  await world.start(running);
  await refuse(finished);
  const foreign = await terminated();

  expect(await resume(running)).toEqual({ outcome: 'refused', sentence: 'Its workflow is running.' });
  expect(await resume(finished)).toEqual({ outcome: 'refused', sentence: 'It has ended.' });
  expect(await resume(unbegun)).toEqual({
    outcome: 'refused',
    sentence: 'It has not started yet, and will start by itself.',
  });
  expect(await resume({ ...running, checkoutId: 'chk_none' })).toEqual({ outcome: 'not-found' });
  expect(await resume(foreign, act(foreign.checkoutId), { tenant: 'globex' })).toEqual({ outcome: 'not-found' });
  for (const order of [running, finished, unbegun, foreign]) expect(await resumesOf(order)).toEqual([]);
});

test("lists the stranded orders of the operator's tenants, with what became of each run", async () => {
  const [order, running] = [await terminated(), await accepted(world.db)];
  await world.start(running);
  const listed = async (tenant: string, after = '') =>
    (await listStranded(world.recovery, { tenant, after })).stranded.filter(({ checkoutId }) =>
      [order.checkoutId, running.checkoutId].includes(checkoutId),
    );

  expect(await listed('*')).toEqual([
    { checkoutId: order.checkoutId, tenant: 'acme', found: 'terminated', acceptedAt: expect.stringMatching(/Z$/) },
  ]);
  expect(await listed('acme')).toHaveLength(1);
  expect(await listed('globex')).toEqual([]);
  expect(await listed('*', order.checkoutId)).toEqual([]);
});
