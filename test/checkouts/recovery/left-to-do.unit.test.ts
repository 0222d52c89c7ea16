import { expect, test } from '@jest/globals';
import { STEPS } from '../../../src/domain/steps';
import type { Step } from '../../../src/domain/steps';
import { leftToDo } from '../../../src/checkouts/recovery/left-to-do';
import type { Remains } from '../../../src/checkouts/recovery/left-to-do';

/** A letter for each step: `d`one, `u`ndone, `t`ombstone, `-` nothing. */
const ledger = (letters: string): Remains['ledger'] =>
  [...letters].flatMap((letter, at) => {
    const step = STEPS[at];
    return step === undefined || letter === '-'
      ? []
      : [{ step, done: 'du'.includes(letter), undone: 'ut'.includes(letter) }];
  });
const OUT_OF_STOCK = { because: 'OutOfStock', sentence: 'None left.' } as const;
const parked = (step: Step) => ({ step, kind: 'undo', why: 'It is away.' }) as const;
const remains = (letters: string, more: Partial<Remains> = {}): Remains => ({
  ledger: ledger(letters),
  open: [],
  skipped: [],
  unwinding: null,
  ...more,
});
const undosOf = (letters: string, more: Partial<Remains> = {}) => {
  const { unwinding } = leftToDo(remains(letters, { unwinding: OUT_OF_STOCK, ...more }));
  return unwinding?.undos.map((step) => STEPS.indexOf(step) + 1);
};

test('an order that goes forward is handed over as it is, with what waits for operators', () => {
  const open = [{ step: 'notification-sent', kind: 'step', why: 'The mail is away.' }] as const;

  expect(leftToDo(remains('dddd---', { open }))).toEqual({ reached: 'notification-sent', open });
  expect(leftToDo(remains('-------'))).toEqual({ reached: 'order-created', open: [] });
});

test('the reason is that of the row', () => {
  expect(leftToDo(remains('dd-----', { unwinding: OUT_OF_STOCK })).unwinding).toMatchObject(OUT_OF_STOCK);
});

test.each([
  ['no undo has run: the first step without a row may have been tried', 'dd-----', [1, 2, 3]],
  ['nothing has happened: the first step alone', '-------', [1]],
  ['the newest was not done, and its undo has run', 'ddt----', [1, 2]],
  ['the newest was done, and its undo has run: no later one was tried', 'ddu----', [1, 2]],
  ['in the middle', 'duutt--', [1]],
  ['all undos have run: the first one ends the order', 'uut----', [1]],
  ['all but the last step have happened', 'dddddd-', [1, 2, 3, 4, 5, 6, 7]],
])('%s', (_, letters, undos) => {
  expect(undosOf(letters)).toEqual(undos);
});

test('a parked undo is not run again by itself, and what had not been tried is not undone', () => {
  expect(undosOf('ddd----', { open: [parked('fulfillment-triggered')] })).toEqual([1, 2, 3]);
  expect(undosOf('uddu---', { open: [parked('stock-reserved')] })).toEqual([1, 2]);
  expect(undosOf('duut---', { open: [parked('order-created')] })).toEqual([]);
});

test('what an operator had left out is no sign that the order is being undone', () => {
  const skipped = ['notification-sent'] as const;

  expect(leftToDo(remains('ddddt--', { skipped })).reached).toBe('loyalty-awarded');
  expect(undosOf('ddddt--', { skipped })).toEqual([1, 2, 3, 4, 5, 6]);
  expect(undosOf('ddddtu-', { skipped })).toEqual([1, 2, 3, 4, 5]);
});
