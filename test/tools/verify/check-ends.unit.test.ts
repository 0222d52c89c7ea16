import { expect, test } from '@jest/globals';
import { checkEnds } from '../../../src/tools/verify/ends/check-ends';
import type { OpenCheckout } from '../../../src/tools/verify/ends/check-ends';
import { foundIn, NOON } from './journal-lines';

const open = (more: Partial<OpenCheckout> = {}): OpenCheckout => ({
  ...{ checkoutId: 'chk_1', state: 'running', acceptedAt: new Date(NOON - 1), endedAt: null, waiting: [] },
  ...more,
});
const check = (rows: readonly OpenCheckout[], attentionExpected = false) =>
  checkEnds({ accepted: 9, open: rows, settledBefore: NOON, attentionExpected });

test('accepts it if nothing is open, and counts what is young as pending', async () => {
  expect(await check([])).toMatchObject({ checked: 9, violations: 0, pending: 0 });
  expect(await check([open({ acceptedAt: new Date(NOON) })])).toMatchObject({ violations: 0, pending: 1 });
});

test('finds what is old and has not ended', async () => {
  expect(foundIn(await check([open()]))).toEqual(['unfinished chk_1']);
});

test('finds what waits for an operator, unless that is expected', async () => {
  const parked = open({ state: 'needs-attention', waiting: ['payment-authorized'] });

  expect(foundIn(await check([parked]))).toEqual(['needs-attention chk_1']);
  expect(await check([parked], true)).toMatchObject({ violations: 0, pending: 1 });
});

test('finds attention left open by an ended checkout, whatever is expected', async () => {
  const left = open({ state: 'completed', endedAt: new Date(NOON), waiting: ['label-generated'] });

  expect(foundIn(await check([left], true))).toEqual(['attention-left chk_1']);
});
