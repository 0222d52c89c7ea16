import { expect, test } from '@jest/globals';
import { isTemporalAway } from '../../src/runtime/temporal';

const grpcError = (code: number, details: string): Error =>
  Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });

test.each([
  [1, 'Call cancelled'],
  [4, 'Deadline exceeded'],
  [14, 'No connection established'],
])('treats %d (%s) as Temporal being away', (code, details) => {
  expect(isTemporalAway(grpcError(code, details))).toBe(true);
});

test("treats Temporal's final answers and other errors as errors", () => {
  expect(isTemporalAway(grpcError(5, 'workflow not found'))).toBe(false);
  expect(isTemporalAway(new TypeError('a bug'))).toBe(false);
});
