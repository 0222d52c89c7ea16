import { expect, test } from '@jest/globals';
import { RejectedEntries } from '../../src/idempotency/rejected-entries';

test('reports the first rejected entry immediately, later ones once a minute with their number, and counts all', () => {
  let now = 0;
  const reported: [string, number][] = [];
  const rejected = new RejectedEntries(
    (flaw, count) => reported.push([flaw, count]),
    () => now,
  );

  for (let at = 0; at < 1_000; at += 1) rejected.count('forged');
  now = 59_999;
  rejected.count('too-large');
  expect(reported).toEqual([['forged', 1]]);
  now = 60_000;
  rejected.count('wrong-type');

  expect(reported).toEqual([
    ['forged', 1],
    ['wrong-type', 1_001],
  ]);
  expect(rejected.counts).toEqual({ forged: 1_000, malformed: 0, 'too-large': 1, 'wrong-type': 1 });
});
