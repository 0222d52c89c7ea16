import { expect, test } from '@jest/globals';
import { checkRecovery } from '../../../src/tools/verify/recovery/check-recovery';
import type { LostRun, Resume, Survivor } from '../../../src/tools/verify/recovery/check-recovery';
import { foundIn, NOON } from './journal-lines';

const MINUTES = 60_000;
const LONG_AGO = NOON - 30 * MINUTES;
const resume = (more: Partial<Resume> = {}): Resume => ({ number: 1, found: 'terminated', at: LONG_AGO, ...more });
const order = (more: Partial<Survivor> = {}): Survivor => ({
  ...{ checkoutId: 'chk_1', tenant: 'acme', key: 'a-key', state: 'completed' },
  ...{ acceptedAt: new Date(LONG_AGO), endedAt: new Date(NOON), resumes: 1, told: [resume()] },
  decidedBy: null,
  ...more,
});
const open = (more: Partial<Survivor> = {}) => order({ state: 'running', endedAt: null, ...more });
const neverResumed = open({ resumes: 0, told: [] });
const GONE: LostRun = { status: 'gone', closedAt: null };
const check = (orders: readonly Survivor[], lost?: LostRun) =>
  checkRecovery({ orders, lostRunOf: () => Promise.resolve(lost), settledBefore: NOON });

test('accepts orders that were resumed and have ended, counted by what became of their workflows', async () => {
  const twice = order({ resumes: 2, told: [resume(), resume({ number: 2, found: 'gone' })] });

  expect(await check([order(), twice])).toMatchObject({
    checked: 2,
    violations: 0,
    pending: 0,
    details: { terminated: { orders: 1, resumes: 1, ended: 1 }, gone: { orders: 1, resumes: 2, ended: 1 } },
  });
});

test('does not count an order that has its workflow', async () => {
  expect(await check([neverResumed])).toMatchObject({ checked: 0, violations: 0, pending: 0 });
});

test('finds an order whose workflow is gone or was ended, and that was not resumed', async () => {
  expect(foundIn(await check([neverResumed], GONE))).toEqual(['stranded chk_1']);
  expect(foundIn(await check([open()], { status: 'TERMINATED', closedAt: LONG_AGO }))).toEqual(['stranded chk_1']);
  // Without a workflow, an operator cannot settle it.
  const waiting = open({ state: 'needs-attention' });
  expect(foundIn(await check([waiting], GONE))).toEqual(['stranded chk_1']);
});

test('allows a minute after a workflow was ended', async () => {
  const justNow = { status: 'TERMINATED', closedAt: NOON };

  expect(await check([neverResumed], justNow)).toMatchObject({ checked: 1, violations: 0, pending: 1 });
});

test('finds a resumed order that does not end, unless it is young or waits for an operator', async () => {
  expect(foundIn(await check([open()]))).toEqual(['not-ended chk_1']);
  expect(await check([open({ told: [resume({ at: NOON })] })])).toMatchObject({ violations: 0, pending: 1 });
  expect(await check([open({ state: 'needs-attention' })])).toMatchObject({ violations: 0, pending: 1 });
});

test.each<[string, Partial<Survivor>]>([
  ['a resume that was not recorded', { resumes: 2 }],
  ['a resume that its order does not count', { resumes: 0 }],
  ['a missing number', { told: [resume({ number: 2 })] }],
])('finds %s', async (_case, more) => {
  expect(foundIn(await check([order(more)]))).toEqual(['untold chk_1']);
});

test('finds an order that was resumed after its end, but allows one that was resumed while it ended', async () => {
  const after = (ms: number) => order({ told: [resume({ at: NOON + ms })] });

  expect(foundIn(await check([after(2 * MINUTES)]))).toEqual(['resumed-after-its-end chk_1']);
  expect(foundIn(await check([after(1_000)]))).toEqual([]);
});

test('allows a resumed order whose payment waits until its deadline, but not without a workflow', async () => {
  const waiting = open({ state: 'awaiting-customer', decidedBy: new Date(NOON + 15 * MINUTES) });

  expect(await check([waiting])).toMatchObject({ violations: 0, pending: 1 });
  expect(foundIn(await check([{ ...waiting, decidedBy: new Date(NOON - 1) }]))).toEqual(['not-ended chk_1']);
  expect(foundIn(await check([waiting], GONE))).toEqual(['stranded chk_1']);
});
