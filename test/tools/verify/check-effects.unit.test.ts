import { expect, test } from '@jest/globals';
import { STEPS } from '../../../src/domain/steps';
import type { Step } from '../../../src/domain/steps';
import { checkEffects } from '../../../src/tools/verify/effects/check-effects';
import type { Order } from '../../../src/tools/verify/effects/judge-effects';
import type { Trace, Traces } from '../../../src/tools/verify/effects/trace';
import { aLine, foundIn, NOON } from './journal-stories';

const DONE = {
  'payment-authorized': 'authorize authorized',
  'fulfillment-triggered': 'fulfill triggered',
  'notification-sent': 'send sent',
  'label-generated': 'label generated',
};
const UNDONE = {
  'payment-authorized': 'void voided',
  'fulfillment-triggered': 'cancel cancelled',
  'notification-sent': 'cancel sent',
  'label-generated': 'void voided',
};
const FOUR = Object.keys(DONE) as (keyof typeof DONE)[];
const turn = (step: Step) => STEPS.indexOf(step);

/** Each journal in the order of the steps, each line a millisecond per step after noon. */
const forward = FOUR.map((step) => [aLine(DONE[step], `chk_1:${step}`, turn(step))]);
const backward = FOUR.map((step) => [
  ...forward[FOUR.indexOf(step)]!,
  aLine(UNDONE[step], `chk_1:${step}`, 20 - turn(step)),
]);

const traces = (trace: (step: Step) => Trace, steps: readonly Step[] = STEPS): Traces =>
  Object.fromEntries(steps.map((step) => [step, trace(step)]));
const OWN: readonly Step[] = ['order-created', 'stock-reserved', 'loyalty-awarded'];
const completed: Order = {
  ...{ checkoutId: 'chk_1', state: 'completed', endedAt: new Date(NOON - 1), byHand: [], parked: [] },
  own: traces(() => ({ done: 1, undone: 0 }), OWN),
  ledger: traces((step) => ({ done: 1, undone: 0, doneAt: turn(step) })),
};
const cancelled: Order = {
  ...completed,
  state: 'cancelled',
  own: traces(() => ({ done: 1, undone: 1 }), OWN),
  ledger: traces((step) => ({ done: 1, undone: 1, doneAt: turn(step), undoneAt: 20 - turn(step) })),
};

const check = (order: Order, journals = forward) => checkEffects({ journals, orders: [order], endedBefore: NOON });
const kinds = async (...story: Parameters<typeof check>) => foundIn(await check(...story));
const without = (step: Step, journals = forward) =>
  journals.map((lines) => lines.filter(({ key }) => !key.endsWith(step)));

test('seven effects in order for a completed order, and none that is left of a cancelled one, are as promised', async () => {
  expect(await check(completed)).toMatchObject({ checked: 1, violations: 0, pending: 0 });
  expect(await check(cancelled, backward)).toMatchObject({ checked: 1, violations: 0 });
});

test('an order that has not ended, or only since we look, is pending', async () => {
  expect(await check({ ...completed, endedAt: new Date(NOON) }, [])).toMatchObject({ violations: 0, pending: 1 });
  expect(await check({ ...completed, state: 'running', endedAt: null }, [])).toMatchObject({
    violations: 0,
    pending: 1,
  });
});

test.each(FOUR)('a completed order that lacks %s at its provider is found', async (step) => {
  expect(await kinds(completed, without(step))).toEqual(['effect-missing chk_1']);
});

test.each(OWN)('a completed order that lacks %s in Postgres is found', async (step) => {
  const own = { ...completed.own, [step]: { done: 0, undone: 0 } };

  expect(await kinds({ ...completed, own })).toEqual(['effect-missing chk_1']);
});

test('a completed order of which something was undone is found', async () => {
  const journals = [...forward, [aLine('void voided', 'chk_1:payment-authorized', 50)]];

  expect(await kinds(completed, journals)).toEqual(['effect-missing chk_1']);
});

test('an effect that happened twice is found, at a provider and in an undo', async () => {
  const again = [aLine('send sent', 'chk_1:notification-sent', turn('notification-sent'))];
  const undoneAgain = [aLine('cancel sent', 'chk_1:notification-sent', 20 - turn('notification-sent'))];

  expect(await kinds(completed, [...forward, again])).toEqual(['more-than-once chk_1']);
  expect(await kinds(cancelled, [...backward, undoneAgain])).toEqual(['more-than-once chk_1']);
});

test.each(FOUR)('a cancelled order of which %s is left is found', async (step) => {
  const left = forward.flat().filter(({ key }) => key.endsWith(step));

  expect(await kinds(cancelled, [...without(step, backward), left])).toEqual(['effect-left chk_1']);
});

test('half a reservation that was put back is found', async () => {
  const own = { ...cancelled.own, 'stock-reserved': { done: 1, undone: 0.5 } };

  expect(await kinds({ ...cancelled, own }, backward)).toEqual(['effect-left chk_1']);
});

test('a step that was done before the one before it is found, by the journals and by the ledger', async () => {
  const early = [aLine('label generated', 'chk_1:label-generated', -1)];
  const ledger = { ...completed.ledger, 'stock-reserved': { done: 1, undone: 0, doneAt: -1 } };

  expect(await kinds(completed, [...without('label-generated'), early])).toEqual(['out-of-order chk_1']);
  expect(await kinds({ ...completed, ledger })).toEqual(['out-of-order chk_1']);
});

test('an older undo that ran before a newer one is found, unless the newer one was parked', async () => {
  const ledger = { ...cancelled.ledger, 'stock-reserved': { done: 1, undone: 1, undoneAt: 99 } };

  expect(await kinds({ ...cancelled, ledger }, backward)).toEqual(['undone-out-of-order chk_1']);
  expect(await kinds({ ...cancelled, ledger, parked: ['stock-reserved'] }, backward)).toEqual([]);
});

test('what operators skipped or undid by hand is theirs', async () => {
  const own = { ...completed.own, 'loyalty-awarded': { done: 0, undone: 0 } };
  const ledger = { ...completed.ledger, 'loyalty-awarded': { done: 0, undone: 1, undoneAt: 3 } };

  expect(await kinds({ ...completed, own, ledger, byHand: ['loyalty-awarded'] })).toEqual([]);
  const left = without('payment-authorized', backward);
  expect(await kinds({ ...cancelled, byHand: ['payment-authorized'] }, [...left, forward[0]!])).toEqual([]);
});

test('an effect for a checkout that Postgres does not have is found; one that was undone is nothing', async () => {
  const stranger = (...whats: string[]) => [whats.map((what) => aLine(what, 'chk_9:payment-authorized'))];

  expect(await kinds(completed, [...forward, ...stranger('authorize authorized')])).toEqual([
    'effect-without-checkout chk_9',
  ]);
  expect(await kinds(completed, [...forward, ...stranger('authorize authorized', 'void voided')])).toEqual([]);
});
