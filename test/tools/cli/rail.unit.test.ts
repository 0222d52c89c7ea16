import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { changes } from '../../../src/tools/cli/changes';
import { duration } from '../../../src/tools/terminal/duration';
import { paint } from '../../../src/tools/terminal/paint';
import { rail, RAIL_HEIGHT } from '../../../src/tools/cli/rail';
import { ACCEPTED_AT, aCheckout, aScreen, completed } from './setup';

const after = (ms: number) => new Date(ACCEPTED_AT + ms).toISOString();
const plain = (...args: Parameters<typeof rail>) => rail(...args).map((line) => paint(line, aScreen()));

const unwinding = aCheckout([], {
  steps: [
    { name: 'order-created', state: 'done', at: after(100) },
    { name: 'payment-authorized', state: 'undoing', at: after(1_300) },
    { name: 'stock-reserved', state: 'undo-failed', at: after(1_200) },
    { name: 'fulfillment-triggered', state: 'undone', at: after(1_100) },
    { name: 'notification-sent', state: 'skipped', at: after(1_000) },
    { name: 'loyalty-awarded', state: 'pending' },
    { name: 'label-generated', state: 'pending' },
  ],
});

test('shows each step with its symbol, state and time in columns', () => {
  expect(plain(unwinding, ACCEPTED_AT + 2_000, 0)).toEqual([
    '  chk_1  undoing  2.0 s',
    '  USD 30.00 for 2 × MUG-BLUE',
    '',
    '  ✓ order-created          done          +0.1 s',
    '  ⠏ payment-authorized     undoing        0.7 s',
    '  ✗ stock-reserved         undo-failed   +1.2 s',
    '  ↺ fulfillment-triggered  undone        +1.1 s',
    '  – notification-sent      skipped       +1.0 s',
    '  · loyalty-awarded        pending',
    '  · label-generated        pending',
  ]);
});

test('animates a running step, stops the clock of an ended checkout, and shows no price before there is one', () => {
  const running = aCheckout(['running'], { state: 'accepted', total: null });

  const [first, later] = [plain(running, ACCEPTED_AT, 0), plain(running, ACCEPTED_AT, 1)];

  expect(first).toHaveLength(RAIL_HEIGHT);
  expect([first[3]?.trim()[0], later[3]?.trim()[0]]).toEqual(['⠋', '⠙']);
  expect(first[1]).toBe('  2 × MUG-BLUE');
  expect(plain(completed, ACCEPTED_AT + 9_999, 0)[0]).toBe('  chk_1  completed  1.2 s');
});

test('lines fit the terminal, so that redrawing can count rows', () => {
  const narrow = aScreen({ columns: 30, rows: 24 });

  const lines = rail(unwinding, ACCEPTED_AT, 0).map((line) => stripVTControlCharacters(paint(line, narrow)));

  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(30);
});

test('lists what happened between two reads: steps in order, then undos newest first', () => {
  const before = aCheckout(['done', 'running']);
  const later = aCheckout(['undone', 'undone', 'skipped'], { state: 'cancelled', endedAt: after(2_000) });

  const lines = changes(before, later, ACCEPTED_AT + 2_500);

  expect(lines).toEqual([
    ' +2.5 s  stock-reserved         skipped',
    ' +2.5 s  payment-authorized     undone',
    ' +2.5 s  order-created          undone',
    ' +2.0 s  checkout               cancelled',
  ]);
  expect(changes(later, later, ACCEPTED_AT)).toEqual([]);
});

test.each([
  [-5, '0.0 s'],
  [1_249, '1.2 s'],
  [59_999, '59.9 s'],
  [125_000, '2 min 05 s'],
  [11_220_000, '3 h 07 min'],
])('formats %i ms as %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
