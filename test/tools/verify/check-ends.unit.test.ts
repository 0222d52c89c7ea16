import { expect, test } from '@jest/globals';
import { checkEnds } from '../../../src/tools/verify/ends/check-ends';
import type { OpenCheckout } from '../../../src/tools/verify/ends/check-ends';
import { foundIn, NOON } from './journal-stories';

const open = (more: Partial<OpenCheckout> = {}): OpenCheckout => ({
  ...{ checkoutId: 'chk_1', state: 'running', acceptedAt: new Date(NOON - 1), endedAt: null, waiting: [] },
  ...more,
});
const check = (rows: readonly OpenCheckout[], attentionExpected = false) =>
  checkEnds({ accepted: 9, open: rows, settledBefore: NOON, attentionExpected });

test('where nothing is open all is as promised, and what is young is pending', async () => {
  expect(await check([])).toMatchObject({ checked: 9, violations: 0, pending: 0 });
  expect(await check([open({ acceptedAt: new Date(NOON) })])).toMatchObject({ violations: 0, pending: 1 });
});

test('what is old and has not ended is found', async () => {
  expect(foundIn(await check([open()]))).toEqual(['unfinished chk_1']);
});

test('what waits for an operator is found, unless that is expected', async () => {
  const parked = open({ state: 'needs-attention', waiting: ['payment-authorized'] });

  expect(foundIn(await check([parked]))).toEqual(['needs-attention chk_1']);
  expect(await check([parked], true)).toMatchObject({ violations: 0, pending: 1 });
});

test('attention that an ended checkout left open is found, whatever is expected', async () => {
  const left = open({ state: 'completed', endedAt: new Date(NOON), waiting: ['label-generated'] });

  expect(foundIn(await check([left], true))).toEqual(['attention-left chk_1']);
});
