import { expect, test } from '@jest/globals';
import { checkEffects } from '../../../src/tools/verify/effects/check-effects';
import {
  BEFORE_ALL,
  AFTER_ALL,
  PROVIDER_STEPS,
  POSTGRES_STEPS,
  scheduled,
  doneLine,
  undoneLine,
  COMPLETED,
  CANCELLED,
  withOrder,
  withOwnTrace,
  withLedgerRow,
  withJournal,
  check,
  violationsIn,
} from './effects-evidence';
import { aLine, NOON } from './journal-lines';

test('accepts a completed order with seven effects in order', async () => {
  expect(await check(COMPLETED)).toMatchObject({ checked: 1, violations: 0, pending: 0 });
});

test('accepts a cancelled order whose effects are all undone, newest first', async () => {
  expect(await check(CANCELLED)).toMatchObject({ checked: 1, violations: 0 });
});

test.each([
  { when: 'is still running', state: 'running', endedAt: null },
  { when: 'ended after the check began', state: 'completed', endedAt: new Date(NOON) },
] as const)('counts an order that $when as pending', async ({ state, endedAt }) => {
  const { order } = withOrder(COMPLETED, { state, endedAt });

  const verdict = await checkEffects({ journals: [], atSandbox: new Set(), orders: [order], endedBefore: NOON });

  expect(verdict).toMatchObject({ violations: 0, pending: 1 });
});

test.each(PROVIDER_STEPS)('finds a completed order without %s at its provider', async (step) => {
  expect(await violationsIn(withJournal(COMPLETED, step, []))).toEqual(['effect-missing chk_1']);
});

test.each(POSTGRES_STEPS)('finds a completed order without %s in Postgres', async (step) => {
  expect(await violationsIn(withOwnTrace(COMPLETED, step, { done: 0, undone: 0 }))).toEqual(['effect-missing chk_1']);
});

test('finds a completed order with an effect that was undone', async () => {
  const voided = withJournal(COMPLETED, 'payment-authorized', [
    doneLine('payment-authorized'),
    undoneLine('payment-authorized'),
  ]);

  expect(await violationsIn(voided)).toEqual(['effect-missing chk_1']);
});

test('finds an effect that happened twice', async () => {
  const sentTwice = withJournal(COMPLETED, 'notification-sent', [
    doneLine('notification-sent'),
    doneLine('notification-sent'),
  ]);

  expect(await violationsIn(sentTwice)).toEqual(['more-than-once chk_1']);
});

test('finds an undo that happened twice', async () => {
  const undoneTwice = withJournal(CANCELLED, 'notification-sent', [
    doneLine('notification-sent'),
    undoneLine('notification-sent'),
    undoneLine('notification-sent'),
  ]);

  expect(await violationsIn(undoneTwice)).toEqual(['more-than-once chk_1']);
});

test.each(PROVIDER_STEPS)('finds a cancelled order whose %s was not undone', async (step) => {
  expect(await violationsIn(withJournal(CANCELLED, step, [doneLine(step)]))).toEqual(['effect-left chk_1']);
});

test('finds a stock reservation of which only half was put back', async () => {
  const halfReleased = withOwnTrace(CANCELLED, 'stock-reserved', { done: 1, undone: 0.5 });

  expect(await violationsIn(halfReleased)).toEqual(['effect-left chk_1']);
});

test('finds in the journals a step that was done too early', async () => {
  const early = withJournal(COMPLETED, 'label-generated', [doneLine('label-generated', BEFORE_ALL)]);

  expect(await violationsIn(early)).toEqual(['out-of-order chk_1']);
});

test('finds in the ledger a step that was done too early', async () => {
  const early = withLedgerRow(COMPLETED, 'stock-reserved', { done: 1, undone: 0, doneAt: BEFORE_ALL });

  expect(await violationsIn(early)).toEqual(['out-of-order chk_1']);
});

test('finds undos that did not run newest first, and allows it where the newer undo was parked', async () => {
  const undoneLast = withLedgerRow(CANCELLED, 'stock-reserved', { done: 1, undone: 1, undoneAt: AFTER_ALL });

  expect(await violationsIn(undoneLast)).toEqual(['undone-out-of-order chk_1']);
  expect(await violationsIn(withOrder(undoneLast, { parked: ['stock-reserved'] }))).toEqual([]);
});

test('allows a completed order without a step that an operator skipped', async () => {
  const notAwarded = withOwnTrace(COMPLETED, 'loyalty-awarded', { done: 0, undone: 0 });
  const skipped = withLedgerRow(notAwarded, 'loyalty-awarded', { done: 0, undone: 1, undoneAt: 6 });

  expect(await violationsIn(withOrder(skipped, { byHand: ['loyalty-awarded'] }))).toEqual([]);
});

test('allows a cancelled order with an effect that an operator undid by hand', async () => {
  const notVoided = withJournal(CANCELLED, 'payment-authorized', [doneLine('payment-authorized')]);

  expect(await violationsIn(withOrder(notVoided, { byHand: ['payment-authorized'] }))).toEqual([]);
});

test.each([
  { step: 'payment-authorized', role: 'payments', choice: 'http' },
  { step: 'fulfillment-triggered', role: 'warehouse', choice: 'http acme' },
  { step: 'notification-sent', role: 'mail', choice: 'module:./mail.mjs' },
  { step: 'label-generated', role: 'carrier', choice: 'own-label' },
] as const)('does not look for $step in the journals if it was made at $choice', async ({ step, role, choice }) => {
  const elsewhere = withOrder(withJournal(COMPLETED, step, []), { providers: { [role]: choice } });

  expect(await check(elsewhere)).toMatchObject({
    ...{ checked: 1, violations: 0, excused: 1 },
    unchecked: [`${role}: 1 order is at ${choice}, outside the sandbox`],
  });
  expect(await violationsIn(withJournal(elsewhere, 'notification-sent', []))).toEqual(
    role === 'mail' ? [] : ['effect-missing chk_1'],
  );
});

test('looks for a step at the sandbox whatever the adapter through which it is called', async () => {
  const providers = { warehouse: 'http', mail: 'sandbox' };
  const missing = withOrder(withJournal(COMPLETED, 'fulfillment-triggered', []), { providers });

  expect(await check(missing)).toMatchObject({ violations: 1, unchecked: [] });
});

test('does not look in Postgres for stock that was reserved elsewhere, and does so for every account of its own', async () => {
  const notReserved = withOwnTrace(COMPLETED, 'stock-reserved', { done: 0, undone: 0 });

  expect(await violationsIn(withOrder(notReserved, { providers: { inventory: 'http' } }))).toEqual([]);
  expect(await violationsIn(withOrder(notReserved, { providers: { inventory: 'postgres eu' } }))).toEqual([
    'effect-missing chk_1',
  ]);
});

const acceptedLine = aLine(
  'fulfill accepted',
  'chk_1:fulfillment-triggered',
  scheduled('fulfillment-triggered').doneAt,
);
const refusedLater = withJournal(COMPLETED, 'fulfillment-triggered', [
  acceptedLine,
  aLine('fulfill refused', 'chk_1:fulfillment-triggered', AFTER_ALL),
]);

test('takes a fulfillment that was only accepted as done, until the warehouse refuses', async () => {
  expect(await violationsIn(withJournal(COMPLETED, 'fulfillment-triggered', [acceptedLine]))).toEqual([]);
  expect(await violationsIn(refusedLater)).toEqual(['effect-missing chk_1']);
  expect(await violationsIn(withOrder(refusedLater, { byHand: ['fulfillment-triggered'] }))).toEqual([]);
});

test('finds nothing left of a cancelled order whose warehouse refused before it was asked to cancel', async () => {
  const refused = withJournal(CANCELLED, 'fulfillment-triggered', [
    ...refusedLater.journals['fulfillment-triggered'],
    aLine('cancel closed', 'chk_1:fulfillment-triggered', AFTER_ALL),
  ]);

  expect(await violationsIn(refused)).toEqual([]);
});

test('finds an effect of a checkout that Postgres does not have, unless it was undone', async () => {
  const authorized = aLine('authorize authorized', 'chk_9:payment-authorized');
  const voided = aLine('void voided', 'chk_9:payment-authorized');

  expect(await violationsIn(COMPLETED, [authorized])).toEqual(['effect-without-checkout chk_9']);
  expect(await violationsIn(COMPLETED, [authorized, voided])).toEqual([]);
});
