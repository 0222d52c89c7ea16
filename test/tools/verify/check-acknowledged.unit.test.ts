import { expect, test } from '@jest/globals';
import { checkAcknowledged } from '../../../src/tools/verify/acknowledged/check-acknowledged';
import type { AcknowledgedEvidence } from '../../../src/tools/verify/acknowledged/check-acknowledged';
import type { AcceptedCheckout } from '../../../src/tools/verify/acknowledged/accepted-checkout';
import type { Run } from '../../../src/tools/verify/acknowledged/run-judge';
import { foundIn, NOON } from './journal-lines';

const SETTLED_BEFORE = NOON - 60_000;
const KEPT_SINCE = NOON - 86_400_000;
const LONG_AGO = new Date(SETTLED_BEFORE - 1);
const JUST_NOW = new Date(SETTLED_BEFORE);

const accepted = (more: Partial<AcceptedCheckout> = {}): AcceptedCheckout => ({
  ...{ checkoutId: 'chk_1', tenant: 'acme', key: 'key-0001', state: 'completed', refusal: null, hasOrder: true },
  ...{ acceptedAt: LONG_AGO, endedAt: LONG_AGO, resumes: 0, decidedBy: null },
  ...more,
});
const running = (acceptedAt: Date, more: Partial<AcceptedCheckout> = {}) =>
  accepted({ state: 'running', acceptedAt, endedAt: null, ...more });
const aRun = (status = 'COMPLETED', workflowId = 'checkout/acme/key-0001', startedAt = 1): Run => ({
  ...{ workflowId, status, startedAt },
});

interface Evidence extends Partial<Pick<AcknowledgedEvidence, 'acknowledgements'>> {
  readonly checkouts?: readonly AcceptedCheckout[];
  readonly listed?: readonly Run[];
  /** What Temporal answers about the one run. */
  readonly status?: string;
  /** When that run closes. */
  readonly closesAt?: number;
  readonly endedByHand?: readonly string[];
}

const check = ({ acknowledgements = [], checkouts = [accepted()], listed = [aRun()], ...more }: Evidence) => {
  const { status, closesAt = Infinity, endedByHand = [] } = more;
  const statusBy = async (_id: string, moment: number) => (closesAt <= moment ? 'COMPLETED' : status);
  return checkAcknowledged({
    acknowledgements,
    workflows: { listed, statusOf: async () => status, statusBy, keptSince: KEPT_SINCE },
    checkouts,
    endedByHand,
    settledBefore: SETTLED_BEFORE,
  });
};
const kinds = async (evidence: Evidence) => foundIn(await check(evidence));

test('accepts a checkout that was acknowledged, has its order and workflow, and has ended', async () => {
  const acknowledgements = [{ tenant: 'acme', key: 'key-0001', id: 'chk_1' }];

  expect(await check({ acknowledgements })).toMatchObject({ checked: 1, violations: 0, pending: 0, unchecked: [] });
});

test('finds an acknowledged checkout that is lost or has another id', async () => {
  const told = { tenant: 'acme', key: 'key-0001', id: 'chk_1' };

  expect(await kinds({ acknowledgements: [told], checkouts: [], listed: [] })).toEqual(['lost chk_1']);
  expect(await kinds({ acknowledgements: [{ ...told, id: 'chk_2' }] })).toEqual(['other-id chk_1']);
});

test('finds a claim without its checkout', async () => {
  expect(await kinds({ checkouts: [accepted({ state: null })], listed: [] })).toEqual(['lost chk_1']);
});

test('requires an order for a completed checkout, but not for one refused before step 1', async () => {
  expect(await kinds({ checkouts: [accepted({ hasOrder: false })] })).toEqual(['no-order chk_1']);
  expect(await kinds({ checkouts: [accepted({ hasOrder: false, state: 'refused' })] })).toEqual([]);
});

test('counts a young or parked checkout as pending, and finds an old one that has not ended', async () => {
  const listed = [aRun('RUNNING')];

  expect(await check({ checkouts: [running(JUST_NOW)], listed })).toMatchObject({ violations: 0, pending: 1 });
  const parked = running(LONG_AGO, { state: 'needs-attention' });
  expect(await check({ checkouts: [parked], listed })).toMatchObject({ violations: 0, pending: 1 });
  expect(await kinds({ checkouts: [running(LONG_AGO)], listed })).toEqual(['not-ended chk_1']);
});

test('counts a checkout whose payment waits as pending until its deadline, and a minute from then or from the answer on', async () => {
  const waiting = (decidedBy: Date) => running(LONG_AGO, { state: 'awaiting-customer', decidedBy });
  const listed = [aRun('RUNNING')];

  for (const at of [new Date(NOON + 900_000), JUST_NOW])
    expect(await check({ checkouts: [waiting(at)], listed })).toMatchObject({ violations: 0, pending: 1 });
  expect(await kinds({ checkouts: [waiting(LONG_AGO)], listed })).toEqual(['not-ended chk_1']);
  // It waits in its workflow.
  expect(await kinds({ checkouts: [waiting(new Date(NOON + 900_000))], listed: [] })).toEqual(['no-workflow chk_1']);
});

test('finds a second run of a workflow, unless its checkout was resumed', async () => {
  const [first, second] = [aRun('TERMINATED'), aRun('COMPLETED', undefined, 2)];

  expect(await kinds({ listed: [first, second] })).toEqual(['workflow-twice chk_1']);
  for (const listed of [
    [first, second],
    [second, first],
  ])
    expect(await kinds({ listed, checkouts: [accepted({ resumes: 1 })] })).toEqual([]);
});

test('finds a missing workflow, unless the list lags, or it is too new, too old or was never needed', async () => {
  expect(await kinds({ listed: [] })).toEqual(['no-workflow chk_1']);
  expect(await kinds({ listed: [], status: 'COMPLETED' })).toEqual([]);
  expect(await kinds({ listed: [], checkouts: [running(JUST_NOW)] })).toEqual([]);
  expect(await kinds({ listed: [], checkouts: [accepted({ endedAt: new Date(KEPT_SINCE - 1) })] })).toEqual([]);
  const expired = accepted({ state: 'refused', refusal: 'CheckoutExpired', hasOrder: false });
  expect(await kinds({ listed: [], checkouts: [expired] })).toEqual([]);
});

test('finds a checkout whose workflow was ended from outside, until the checkout has ended', async () => {
  const resumed = { listed: [aRun('COMPLETED'), aRun('TIMED_OUT', undefined, 2)] };

  expect(await kinds({ listed: [aRun('TERMINATED')] })).toEqual([]);
  expect(await kinds({ listed: [aRun('TERMINATED')], checkouts: [running(JUST_NOW)] })).toEqual([]);
  for (const evidence of [
    { listed: [aRun('TERMINATED')], status: 'TERMINATED' },
    { ...resumed, status: 'TIMED_OUT' },
  ]) {
    expect(await kinds({ ...evidence, checkouts: [running(LONG_AGO, { resumes: 1 })] })).toEqual([
      'not-ended chk_1',
      'workflow-cut-off chk_1',
    ]);
  }
  const behind = { listed: [aRun('TERMINATED')], status: 'RUNNING', checkouts: [running(LONG_AGO, { resumes: 1 })] };
  expect(await kinds(behind)).toEqual(['not-ended chk_1']);
});

test('finds a workflow that still runs after its checkout has ended', async () => {
  expect(await kinds({ listed: [aRun('RUNNING')], status: 'RUNNING' })).toEqual(['workflow-runs-on chk_1']);
  expect(await kinds({ listed: [aRun('RUNNING')], status: 'COMPLETED' })).toEqual([]);
});

test('allows a workflow one minute to close after its checkout has ended', async () => {
  const runsOn: Evidence = { listed: [aRun('RUNNING')], status: 'RUNNING' };
  const minute = LONG_AGO.getTime() + 60_000;

  expect(await kinds({ ...runsOn, closesAt: minute })).toEqual([]);
  expect(await kinds({ ...runsOn, closesAt: minute + 1 })).toEqual(['workflow-runs-on chk_1']);
});

test('allows a workflow that somebody ended on purpose to be missing, if its checkout has ended', async () => {
  const endedByHand = ['checkout/acme/key-0001'];

  expect(await kinds({ listed: [], endedByHand })).toEqual([]);
  expect(await kinds({ listed: [aRun('TERMINATED')], endedByHand })).toEqual([]);
  expect(await kinds({ listed: [], endedByHand, checkouts: [running(LONG_AGO)] })).toEqual([
    'not-ended chk_1',
    'no-workflow chk_1',
  ]);
});

test('finds a workflow whose checkout is not in Postgres, since it was acknowledged and is lost', async () => {
  expect(await kinds({ listed: [aRun(), aRun('COMPLETED', 'checkout/acme/key-0002')] })).toEqual(['lost *']);
});

test("checks the rest if Temporal's address is unknown", async () => {
  const evidence = { acknowledgements: [], checkouts: [accepted()], endedByHand: [], settledBefore: SETTLED_BEFORE };

  const verdict = await checkAcknowledged({ ...evidence, workflows: undefined });

  expect(verdict).toMatchObject({ checked: 1, violations: 0 });
});
