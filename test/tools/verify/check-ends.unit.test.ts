import { expect, test } from '@jest/globals';
import { checkEnds } from '../../../src/tools/verify/ends/check-ends';
import type { OpenCheckout } from '../../../src/tools/verify/ends/check-ends';
import { foundIn, NOON } from './journal-lines';

const open = (more: Partial<OpenCheckout> = {}): OpenCheckout => ({
  ...{ checkoutId: 'chk_1', state: 'running', acceptedAt: new Date(NOON - 1), endedAt: null },
  ...{ decidedBy: null, waiting: [], undecided: false },
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

test('allows one whose payment waits until its deadline, and a minute from then or from the answer on', async () => {
  const waiting = (ms: number) => open({ state: 'awaiting-customer', undecided: true, decidedBy: new Date(NOON + ms) });
  const decided = (ms: number) => open({ decidedBy: new Date(NOON + ms) });

  for (const each of [waiting(900_000), waiting(0), decided(0)])
    expect(await check([each])).toMatchObject({ violations: 0, pending: 1 });
  for (const each of [waiting(-1), decided(-1)]) expect(foundIn(await check([each]))).toEqual(['unfinished chk_1']);
});

test('finds a payment that is still waited for after the end of its checkout', async () => {
  const left = open({ state: 'cancelled', endedAt: new Date(NOON), undecided: true, decidedBy: new Date(NOON + 1) });

  expect(foundIn(await check([left], true))).toEqual(['wait-left chk_1']);
});
