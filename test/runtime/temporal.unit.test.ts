import { expect, test } from '@jest/globals';
import { isTemporalAway } from '../../src/runtime/temporal';

const grpcError = (code: number, details: string): Error =>
  Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });

test.each([
  [1, 'Call cancelled'],
  [4, 'Deadline exceeded'],
  [14, 'No connection established'],
])('a Temporal that answers %d (%s) may answer later', (code, details) => {
  expect(isTemporalAway(grpcError(code, details))).toBe(true);
});

test('what it says for good, and what is not from it, is not taken for that', () => {
  expect(isTemporalAway(grpcError(5, 'workflow not found'))).toBe(false);
  expect(isTemporalAway(new TypeError('a bug'))).toBe(false);
});
