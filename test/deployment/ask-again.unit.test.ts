import { expect, test } from '@jest/globals';
import { askAgainAfterMs } from '../../src/deployment/ask-again';

const rests = Array.from({ length: 2_000 }, (_, failures) => askAgainAfterMs(failures));

test('asks a Temporal that refuses immediately less and less often, up to a maximum', () => {
  const longest = Math.max(...rests);
  const growing = rests.slice(0, rests.indexOf(longest) + 1);

  expect(growing.every((rest, at) => at === 0 || rest > (growing[at - 1] ?? rest))).toBe(true);
  expect(growing.length).toBeGreaterThan(3);
  expect(new Set(rests.slice(growing.length))).toEqual(new Set([longest]));
});
