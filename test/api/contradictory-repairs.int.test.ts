import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { digestOf } from '../../src/tenants/find-caller';
import type { OrderKey } from '../../src/contract/checkout';
import type { Repair } from '../../src/contract/repair';
import type { Call } from '../../src/checkouts/workflows';
import { repairCheckout } from '../../src/checkouts/operators/repair-checkout';
import { operators } from '../../src/tools/verify/operators/operators';
import type { Scene } from '../../src/tools/verify/scene';
import { aKey } from '../support/builders';
import { accepted, stateOf } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { OPERATOR, operatorWorld } from './operator-world';
import type { OperatorWorld } from './operator-world';

let world: OperatorWorld;
beforeAll(async () => (world = await operatorWorld()));
afterAll(() => world.close());
beforeEach(() => world.sandbox.faults([]));

const TIMES = 5;
const OPERATORS_ID = digestOf(OPERATOR).toString('hex').slice(0, 16);

type Decision = Pick<Repair, 'step' | 'action'>;
const SKIP: Decision = { step: 'notification-sent', action: 'skip' };
const CANCEL: Decision = { step: 'notification-sent', action: 'cancel' };
const RETRY: Decision = { step: 'payment-authorized', action: 'retry' };
const RESOLVE: Decision = { step: 'payment-authorized', action: 'resolve' };

const repair = ({ checkoutId }: OrderKey, decision: Decision, key = aKey()) =>
  world.repair(checkoutId, { body: { ...decision, reason: `${decision.action}: I know why.` }, key });

const decisionsOn = async ({ checkoutId }: OrderKey) =>
  (await world.db.query<{ action: string }>(`select action from repairs where checkout_id = $1`, [checkoutId])).rows;

/** An order that waits for an operator. */
async function waiting(order: OrderKey, fault: { provider: string; operation: string }) {
  await world.sandbox.faults([{ ...fault, kind: 'fail-before' }]);
  await world.start(order);
  await world.untilItNeedsAttention(order);
  return order;
}

const stuckMail = async () => waiting(await accepted(world.db), { provider: 'mail', operation: 'send' });
const parkedVoid = async () =>
  waiting(await accepted(world.db, { items: [{ sku: 'SOLD-OUT', quantity: 1 }] }), {
    provider: 'payments',
    operation: 'void',
  });

const hasEnded = (order: OrderKey, meanwhile: () => unknown = () => undefined) =>
  eventually(async () => {
    const { state } = await stateOf(world.db, order);
    if (['completed', 'refused', 'cancelled'].includes(state)) return state;
    await meanwhile();
    return undefined;
  });

const violations = async () => (await operators({ db: world.db } as unknown as Scene)).violations;

/**
 * Both operators have looked at the case before either of them reaches the workflow. One who looks later may see that a retry has not
 * helped, and then his is a decision of its own.
 */
async function decideTogether({ checkoutId }: OrderKey, decisions: readonly Decision[]) {
  let missing = decisions.length;
  let meet: () => void;
  const met = new Promise<void>((resolve) => (meet = resolve));
  return Promise.all(
    decisions.map(async ({ step, action }) => {
      const operator = `key-${action}`;
      const asked = { step, action, id: aKey(), reason: `${action}: I know why.`, operator };
      const call: Call = async (work) => {
        missing -= 1;
        if (missing === 0) meet();
        await met;
        return work(world.client);
      };
      return { action, operator, answer: await repairCheckout(world.db, call, checkoutId, asked) };
    }),
  );
}

test.each([
  ['skip and cancel', stuckMail, SKIP, CANCEL],
  ['retry and resolve', parkedVoid, RETRY, RESOLVE],
])(
  'applies one of %s sent at the same time for one case, and names the first operator to the other',
  async (_, anOrder, one, other) => {
    const orders = await Promise.all(Array.from({ length: TIMES }, anOrder));

    const pairs = await Promise.all(orders.map((order) => decideTogether(order, [one, other])));

    for (const [at, pair] of pairs.entries()) {
      const done = pair.filter(({ answer }) => answer.outcome === 'done');
      const decided = pair.flatMap(({ answer }) => (answer.outcome === 'decided' ? [answer] : []));
      expect([done.length, decided.length]).toEqual([1, 1]);
      const { action, operator } = done[0] as (typeof done)[number];
      expect(decided[0]?.sentence).toContain(`${operator} decided ${action}`);
      expect(decided[0]?.first).toEqual({ operator, action, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) });
      expect(await decisionsOn(orders[at] as OrderKey)).toEqual([{ action }]);
    }
    expect(await violations()).toBe(0);
    await world.sandbox.faults([]);
    // A retry that came too early is sent again: with a new key it is a decision of its own.
    const ends = await Promise.all(orders.map((order) => hasEnded(order, () => one === RETRY && repair(order, RETRY))));
    const expected = pairs.map((pair) => {
      const action = pair.find(({ answer }) => answer.outcome === 'done')?.action;
      return { skip: 'completed', cancel: 'cancelled', retry: 'refused', resolve: 'refused' }[action as 'skip'];
    });
    expect(ends).toEqual(expected);
  },
);

test('does not apply a decision that was under way while another one was made', async () => {
  const order = await parkedVoid();
  const late: Omit<Repair, 'seen'> = {
    ...{ ...RESOLVE, id: `${order.checkoutId}:late`, reason: 'Voided by hand.', operator: 'key-2' },
  };

  const answer = await repairCheckout(
    world.db,
    async (work) => {
      // The retry does not help, so the case waits for the next decision: one that knows of this one.
      expect((await repair(order, RETRY)).statusCode).toBe(200);
      return work(world.client);
    },
    order.checkoutId,
    late,
  );

  expect(answer).toMatchObject({ outcome: 'decided', first: { operator: OPERATORS_ID, action: 'retry' } });
  expect(await decisionsOn(order)).toEqual([{ action: 'retry' }]);
  expect((await repair(order, RESOLVE)).statusCode).toBe(200);
  expect(await hasEnded(order)).toBe('refused');
});

test('gives both decisions the same answers again for the same keys', async () => {
  const order = await stuckMail();
  const keys = [aKey(), aKey()] as const;
  const ask = () => Promise.all([repair(order, SKIP, keys[0]), repair(order, CANCEL, keys[1])]);

  const first = await ask();
  await hasEnded(order);
  const second = await ask();

  const codes = [first, second].map((answers) => answers.map(({ statusCode }) => statusCode));
  expect(codes[1]).toEqual(codes[0]);
  expect([...(codes[0] ?? [])].sort()).toEqual([200, 409]);
  const action = first[0].statusCode === 200 ? SKIP.action : CANCEL.action;
  expect(first.find(({ statusCode }) => statusCode === 409)?.json()).toMatchObject({
    code: 'already-decided',
    detail: expect.stringContaining(`${OPERATORS_ID} decided ${action}`),
    first: { operator: OPERATORS_ID, action },
  });
});

test('refuses repairs once the order has ended, even if its workflow is still open, and names the first operator', async () => {
  const order = await parkedVoid();
  expect((await repair(order, RESOLVE)).statusCode).toBe(200);
  await hasEnded(order);
  const late = (decision: Decision) =>
    repairCheckout(world.db, () => Promise.reject(new Error('Temporal was asked')), order.checkoutId, {
      ...{
        ...decision,
        id: `${order.checkoutId}:${decision.action}-late`,
        reason: 'Nobody told me.',
        operator: 'key-2',
      },
    });

  expect(await late(RESOLVE)).toMatchObject({ outcome: 'refused' });
  expect(await late(RETRY)).toMatchObject({
    ...{ outcome: 'decided', first: { operator: OPERATORS_ID, action: 'resolve' } },
  });
});
