import { expect, test } from '@jest/globals';
import { checkOperators } from '../../../src/tools/verify/operators/check-operators';
import type { Act } from '../../../src/tools/verify/operators/check-operators';
import type { DeskEvent } from '../../../src/tools/verify/operators/event-judge';
import { foundIn, NOON } from './journal-lines';

const act = (more: Partial<Act> = {}): Act => ({
  ...{ id: 'act-1', kind: 'repair', checkoutId: 'chk_1', step: 'loyalty-awarded', action: 'retry' },
  ...{ operator: 'key_1', reason: 'the provider is back', at: new Date(NOON), asked: true },
  ...{ about: 'step', run: 0, seen: null },
  ...more,
});
const skip = act({ action: 'skip' });
const resolve = act({ action: 'resolve', about: 'undo' });
const event = (type: string, more: Partial<DeskEvent> = {}): DeskEvent => ({
  ...{ checkoutId: 'chk_1', type, step: 'loyalty-awarded', kind: 'step', isWhole: true },
  ...more,
});
const RAISED = event('attention.raised');
const CLEARED = event('attention.cleared');
const SKIPPED = event('loyalty.skipped', { kind: null });
const kinds = async (acts: readonly Act[], events: readonly DeskEvent[] = []) =>
  foundIn(await checkOperators({ acts, events }));

test('accepts acts that record who, when and why, and attention that was raised and cleared in turn', async () => {
  const redrive = act({ id: 'act-1', kind: 'redrive', checkoutId: null, step: null, action: null });
  const resume = act({ id: 'act-1', kind: 'resume', step: null, action: null });
  const verdict = await checkOperators({ acts: [act(), redrive, resume], events: [RAISED, CLEARED, RAISED, CLEARED] });

  expect(verdict).toMatchObject({
    checked: 3,
    violations: 0,
    details: { repairs: { acts: 1 }, redrives: { acts: 1 }, resumes: { acts: 1 } },
  });
  expect(await kinds([skip], [RAISED, SKIPPED, CLEARED])).toEqual([]);
});

test.each([
  ['done-twice', [act(), act()]],
  ['unexplained', [act({ operator: null })]],
  ['unexplained', [act({ reason: ' ' })]],
  ['unexplained', [act({ at: null })]],
  ['unasked', [act({ asked: false })]],
  ['decided-twice', [act({ seen: 0 }), act({ id: 'act-2', action: 'cancel', seen: 0 })]],
  ['decided-twice', [skip, act({ id: 'act-2', action: 'cancel' })]],
  ['decided-twice', [skip, act({ id: 'act-2', action: 'cancel', seen: 1 })]],
  ['decided-twice', [resolve, { ...resolve, id: 'act-2' }]],
])('finds %s', async (kind, acts) => {
  expect(await kinds(acts)).toEqual([`${kind} chk_1`]);
});

test('finds attention that was cleared or raised twice', async () => {
  expect(await kinds([], [RAISED, CLEARED, CLEARED])).toEqual(['cleared-twice chk_1']);
  expect(await kinds([], [CLEARED])).toEqual(['cleared-twice chk_1']);
  expect(await kinds([], [RAISED, RAISED])).toEqual(['raised-twice chk_1']);
});

test('allows clearing what was raised on a day that the log has dropped', async () => {
  expect(await kinds([], [event('attention.cleared', { isWhole: false })])).toEqual([]);
});

test('finds a step that was skipped twice, or that nobody skipped', async () => {
  expect(await kinds([skip], [SKIPPED, SKIPPED])).toEqual(['skipped-twice chk_1']);
  expect(await kinds([act()], [SKIPPED])).toEqual(['unexplained chk_1']);
});

test('allows a new decision after a retry or an undo by hand that did not work, or a lost run', async () => {
  const again = (first: Act, more: Partial<Act>) => kinds([first, { ...first, id: 'act-2', ...more }]);

  expect(await again(act({ seen: 0 }), { action: 'cancel', seen: 1 })).toEqual([]);
  expect(await again(act(), { action: 'skip' })).toEqual([]);
  expect(await again({ ...resolve, seen: 0 }, { seen: 1 })).toEqual([]);
  expect(await again(act({ action: 'cancel' }), { run: 1 })).toEqual([]);
  expect(await again(skip, { step: 'notification-sent' })).toEqual([]);
});
