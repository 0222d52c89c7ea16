import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import {
  accepted,
  checkoutWorld,
  eventsOf,
  everythingAbout,
  stateOf,
  stepsBefore,
  unwinding,
} from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { STEP_TABLE } from '../support/recording-activities';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

const EVENTS = [
  ['order.created', 'order.cancelled'],
  ['payment.authorized', 'payment.voided'],
  ['stock.reserved', 'stock.released'],
  ['fulfillment.triggered', 'fulfillment.cancelled'],
  ['notification.sent', 'notification.cancelled'],
  ['loyalty.awarded', 'loyalty.revoked'],
  ['label.generated', 'label.voided'],
] as const;
const LABEL = STEP_TABLE.length - 1;
const failureType = (error: unknown) => (error instanceof ApplicationFailure ? error.type : String(error));

describe.each(STEP_TABLE.map((row, at) => ({ ...row, at })))('$step', ({ act, undo, at }) => {
  const forwardEvents = EVENTS.slice(0, at + 1).map(([done]) => done);

  test('acts, with its event in the same transaction', async () => {
    const { db, activities } = world;
    const order = await accepted(db);
    await stepsBefore(activities, order, at);

    await activities[act](order);

    const end = at === LABEL ? ['checkout.completed'] : [];
    expect(await eventsOf(db, order)).toEqual([...forwardEvents, ...end]);
    expect((await stateOf(db, order)).steps[at]).toBe('done');
  });

  test('called again, returns the same answer and writes nothing', async () => {
    const { db, activities } = world;
    const order = await accepted(db);
    await stepsBefore(activities, order, at);
    const first = await activities[act](order);
    const before = await everythingAbout(db, order);

    const second = await activities[act](order);

    expect(second).toEqual(first);
    expect(await everythingAbout(db, order)).toEqual(before);
  });

  test('acts once in ten concurrent attempts', async () => {
    const { db, activities } = world;
    const order = await accepted(db);
    await stepsBefore(activities, order, at);

    const answers = await Promise.all(Array.from({ length: 10 }, () => activities[act](order)));

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await eventsOf(db, order)).filter((type) => type === EVENTS[at]?.[0])).toHaveLength(1);
  });

  test('leaves nothing when it arrives after its undo', async () => {
    const { db, activities } = world;
    const order = await accepted(db);
    await stepsBefore(activities, order, at);

    await activities[undo](unwinding(order));
    const before = await everythingAbout(db, order);
    const late = await activities[act](order).catch(failureType);

    expect(late).toBe('AlreadyUndone');
    expect(await everythingAbout(db, order)).toEqual(before);
    expect(await eventsOf(db, order)).not.toContain(EVENTS[at]?.[0]);
    expect((await stateOf(db, order)).steps[at]).toBe('skipped');
  });

  if (at < LABEL) {
    test('undone twice, is undone once', async () => {
      const { db, activities } = world;
      const order = await accepted(db);
      await stepsBefore(activities, order, at + 1);

      await activities[undo](unwinding(order));
      const before = await everythingAbout(db, order);
      await activities[undo](unwinding(order));

      expect(await everythingAbout(db, order)).toEqual(before);
      const end = at === 0 ? ['checkout.refused'] : [];
      expect(await eventsOf(db, order)).toEqual([...forwardEvents, EVENTS[at]?.[1], ...end]);
      expect((await stateOf(db, order)).steps[at]).toBe('undone');
    });
  }
});

test('refuses to undo a completed checkout, with an error', async () => {
  const { db, activities } = world;
  const order = await accepted(db);
  await stepsBefore(activities, order, LABEL);
  await activities.generateLabel(order);

  await expect(activities.voidLabel(unwinding(order))).rejects.toThrow('has its label and is being undone');

  expect((await stateOf(db, order)).state).toBe('completed');
});

test('writes one outbox row for each state change', async () => {
  const { db, activities } = world;
  const order = await accepted(db, {
    shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '00000', country: 'GB' },
  });
  await stepsBefore(activities, order, LABEL);
  const refused = await activities.generateLabel(order).catch(failureType);

  for (const { undo } of [...STEP_TABLE].reverse()) await activities[undo](unwinding(order));

  expect(refused).toBe('UndeliverableAddress');
  expect(await eventsOf(db, order)).toEqual([
    ...EVENTS.slice(0, LABEL).map(([done]) => done),
    ...EVENTS.slice(0, LABEL)
      .map(([, undone]) => undone)
      .reverse(),
    'checkout.refused',
  ]);
  expect(await stateOf(db, order)).toEqual({
    state: 'refused',
    refusal: 'out-of-stock',
    steps: [...Array.from({ length: LABEL }, () => 'undone'), 'skipped'],
  });
});
