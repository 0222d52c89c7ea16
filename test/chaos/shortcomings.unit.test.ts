import { expect, test } from '@jest/globals';
import { leastOf } from './plan';
import { shortcomings } from './shortcomings';

const ORDERS = { orders: 100 };
const UNSEEN = { checked: 0, violations: 0, pending: 0, examples: [], unchecked: [], notes: [], details: {} };
const KEPT = { checked: 100, violations: 0, pending: 0, examples: [], unchecked: [], notes: [], details: {} };
const checked = { promises: { P7: KEPT } };
const progress = {
  ends: { completed: 70, refused: 20, cancelled: 10 },
  ended: 100,
  underWay: 0,
  lag: 0,
  handovers: 0,
};
const course = {
  acknowledged: 95,
  lacking: [],
  differences: [],
  progress,
  openWorkflows: 0,
  approvals: { taken: 0, tooLate: 0 },
};

const ofRun = (change: object, verified = checked): string[] => [
  ...shortcomings({ ...course, ...change }, ORDERS, verified),
];

test('finds nothing in a run in which enough happened and every promise held', () => {
  expect(ofRun({})).toEqual([]);
});

test('reports a run in which too little happened', () => {
  expect(ofRun({ acknowledged: 94 })).toEqual(['Only 94 of 100 orders were acknowledged']);
  expect(ofRun({ lacking: ['api-killed: 0 times instead of 1'] })).toEqual(['api-killed: 0 times instead of 1']);
  expect(ofRun({ progress: { ...progress, ends: { completed: 80, refused: 16, cancelled: 4 } } })).toEqual([
    'Only 4 of 100 orders ended cancelled',
  ]);
  expect(ofRun({ progress: { ...progress, ends: {} } })).toHaveLength(3);
});

test('reports differences, and what had not ended', () => {
  const attention = { ...progress.ends, 'needs-attention': 1 };

  expect(ofRun({ differences: ['different bytes'] })).toEqual(['The load client found 1 differences']);
  expect(ofRun({ progress: { ...progress, underWay: 2 } })).toEqual([
    '2 checkouts had not ended a minute after the faults',
  ]);
  expect(ofRun({ progress: { ...progress, ends: attention } })).toHaveLength(1);
  expect(ofRun({ openWorkflows: 1 })).toEqual(['1 workflows had not closed a minute after the faults']);
});

const ofVerdict = (change: object) => ofRun({}, { promises: { P7: { ...KEPT, ...change } } });

test('reports a promise that is broken, pending, unchecked, or had nothing to check', () => {
  const lost = { kind: 'missing', checkoutId: 'chk_1', sentence: 'redis is missing event 3' };

  expect(ofVerdict({ violations: 2, examples: [lost, lost] })).toEqual([
    'P7 was broken 2 times: redis is missing event 3',
  ]);
  expect(ofVerdict({ pending: 3 })).toEqual(['P7: 3 are still pending']);
  expect(ofVerdict({ unchecked: ['the workflows'] })).toEqual(['P7: not checked: the workflows']);
  expect(ofVerdict({ checked: 0 })).toEqual(['P7 was never checked']);
});

test('reports that no order lost its workflow, unless that phase was left out', () => {
  const ofPhases = (only?: readonly string[]) => [
    ...shortcomings(course, { ...ORDERS, ...(only && { only }) }, { promises: { P14: UNSEEN } }),
  ];

  expect(ofPhases()).toEqual(['P14 was never checked']);
  expect(ofPhases(['workflows lost', 'clocks'])).toEqual(['P14 was never checked']);
  expect(ofPhases(['clocks'])).toEqual([]);
});

test('reports that approved payments were given up, if there were many', () => {
  expect(ofRun({ approvals: { taken: 10, tooLate: 2 } })).toEqual([]);
  expect(ofRun({ approvals: { taken: 10, tooLate: 3 } })).toEqual(['3 of 10 approved payments were given up']);
});

test('with waiting payments, demands webhook faults, each way customers decide, and lost workflows', () => {
  const least = leastOf({ orders: 300, faultRate: 0.1, payments: 'async' });
  const unseen = { P11: UNSEEN, P14: UNSEEN };
  const run = [...shortcomings(course, { ...ORDERS, payments: 'async' }, { promises: unseen })];

  expect(least).toMatchObject({
    'webhook-lost': 11,
    'webhook-doubled': 11,
    'webhook-late': 11,
    'customer-abandons': 3,
  });
  expect(least).not.toHaveProperty('repaired');
  expect(run).toEqual(['P14 was never checked']);
});

test('demands fewer strikes of each kind in a smaller run', () => {
  expect(leastOf({ orders: 5_000, faultRate: 0.1 })).toMatchObject({
    'worker-killed': 100,
    'relay-killed': 20,
    'api-killed': 10,
    'temporal-killed': 3,
    'payments-lose-answer': 62,
  });
  expect(leastOf({ orders: 300, faultRate: 0.1 })).toMatchObject({ 'worker-killed': 6, 'temporal-killed': 1 });
});

test('demands more kills of the API if it is one process with the worker', () => {
  const least = leastOf({ orders: 5_000, faultRate: 0.1, oneProcess: true });

  expect(least).toMatchObject({ 'api-killed': 60, 'relay-killed': 20 });
  expect(least).not.toHaveProperty('worker-killed');
});
