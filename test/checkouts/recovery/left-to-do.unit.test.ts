import { expect, test } from '@jest/globals';
import { STEPS } from '../../../src/domain/steps';
import type { Step } from '../../../src/domain/steps';
import { leftToDo } from '../../../src/checkouts/recovery/left-to-do';
import type { Remains } from '../../../src/checkouts/recovery/left-to-do';

/** One letter for each step: `d`one, `u`ndone, `t`ombstone, `-` nothing. */
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

test('hands over an order that goes forward with its position and its open attention', () => {
  const open = [{ step: 'notification-sent', kind: 'step', why: 'The mail is away.' }] as const;

  expect(leftToDo(remains('dddd---', { open }))).toEqual({ reached: 'notification-sent', open });
  expect(leftToDo(remains('-------'))).toEqual({ reached: 'order-created', open: [] });
});

test("takes the reason from the checkout's row", () => {
  expect(leftToDo(remains('dd-----', { unwinding: OUT_OF_STOCK })).unwinding).toMatchObject(OUT_OF_STOCK);
});

test.each([
  ['when no undo has run, also undoes the first step without a row, which may have been tried', 'dd-----', [1, 2, 3]],
  ['when nothing has happened, undoes the first step alone', '-------', [1]],
  ['when the newest step was not done and its undo has run, undoes the older steps', 'ddt----', [1, 2]],
  ['when the newest step was done and its undo has run, undoes the older steps', 'ddu----', [1, 2]],
  ['continues in the middle', 'duutt--', [1]],
  ['when all undos have run, repeats the oldest, which ends the order', 'uut----', [1]],
  ['when only the last step is missing, undoes all seven', 'dddddd-', [1, 2, 3, 4, 5, 6, 7]],
])('%s', (_, letters, undos) => {
  expect(undosOf(letters)).toEqual(undos);
});

test('does not repeat a parked undo by itself, and does not undo a step that was not tried', () => {
  expect(undosOf('ddd----', { open: [parked('fulfillment-triggered')] })).toEqual([1, 2, 3]);
  expect(undosOf('uddu---', { open: [parked('stock-reserved')] })).toEqual([1, 2]);
  expect(undosOf('duut---', { open: [parked('order-created')] })).toEqual([]);
});

test('a step that an operator skipped does not mean that the order is being undone', () => {
  const skipped = ['notification-sent'] as const;

  expect(leftToDo(remains('ddddt--', { skipped })).reached).toBe('loyalty-awarded');
  expect(undosOf('ddddt--', { skipped })).toEqual([1, 2, 3, 4, 5, 6]);
  expect(undosOf('ddddtu-', { skipped })).toEqual([1, 2, 3, 4, 5]);
});
