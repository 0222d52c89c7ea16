import { expect, test } from '@jest/globals';
import { reportOf } from './checkout/report';
import type { Measured } from './measure';

const measured = (system: string, perSecond: number, concurrency = 40): Measured => ({
  system,
  concurrency,
  perSecond,
  p50Ms: 1,
  p99Ms: 1,
  cpuMs: 1,
});

test('divides ours by theirs round by round, so that a machine that slows down affects both', () => {
  const results = [measured('http', 40), measured('empty', 80), measured('http', 12), measured('empty', 20)];

  expect(reportOf(results, 2).ratios['empty']).toEqual({ min: 0.5, median: 0.55, max: 0.6 });
});

test('takes ratios at a concurrency of forty, where the targets are', () => {
  const results = [measured('http', 1, 1), measured('dbos', 10, 1), measured('http', 5), measured('dbos', 10)];

  expect(reportOf(results, 1).ratios['dbos']?.median).toBe(0.5);
});

test('has no ratio to a peer that was not available', () => {
  expect(reportOf([measured('http', 1)], 1).ratios).toEqual({});
});

test('measures growth relative to the empty workflow, which does not use Postgres', () => {
  const small = [measured('httpAt10', 40), measured('emptyAt10', 80)];
  const large = [measured('httpAt1000', 10), measured('emptyAt1000', 40)];

  expect(reportOf([...small, ...large], 1).ratios['grown']?.median).toBe(0.5);
});

test('leaves out a round in which a peer was not measured', () => {
  const results = [measured('http', 40), measured('empty', 80), measured('http', 12)];

  expect(reportOf(results, 2).ratios['empty']).toEqual({ min: 0.5, median: 0.5, max: 0.5 });
});
