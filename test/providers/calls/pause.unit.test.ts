import { expect, test } from '@jest/globals';
import { ProviderFault } from '../../../src/ports/provider-fault';
import { pauseMs } from '../../../src/providers/calls/pause';

const BUDGET = {
  number: 1,
  firstMs: 500,
  factor: 2,
  longestMs: 20_000,
  attemptMs: 10_000,
  wholeMs: 120_000,
  leftMs: Infinity,
};
const [LEAST, MIDDLE, MOST] = [0, 0.5, 1];

const fault = (retryAfterMs?: number) =>
  new ProviderFault('rate-limited', 'Too many', retryAfterMs === undefined ? {} : { retryAfterMs });
const open = (retryAfterMs: number) => new ProviderFault('breaker-open', 'It is away', { retryAfterMs });

test('backs off as the retry policy says, a fifth less or more', () => {
  const pauses = [1, 2, 3, 12].map((number) => pauseMs(fault(), { ...BUDGET, number }, MIDDLE));

  expect(pauses).toEqual([500, 1_000, 2_000, 20_000]);
  expect(pauseMs(fault(), BUDGET, LEAST)).toBe(400);
  expect(pauseMs(fault(), BUDGET, MOST)).toBe(600);
});

test('never comes back earlier than the provider asked for', () => {
  const pauses = [LEAST, MIDDLE, MOST].map((chance) => pauseMs(fault(30_000), BUDGET, chance));

  expect(pauses).toEqual([30_000, 33_000, 36_000]);
});

test('takes a provider that asks for a day at five minutes', () => {
  expect(pauseMs(fault(86_400_000), BUDGET, LEAST)).toBe(300_000);
});

test('waits for an open breaker exactly as long as it is open, however many attempts there were', () => {
  expect(pauseMs(open(1_200), { ...BUDGET, number: 12 }, MOST)).toBe(1_200);
  expect(pauseMs(open(29_000), BUDGET, MOST)).toBe(29_000);
});

test('leaves time for one whole attempt before the budget ends', () => {
  expect(pauseMs(open(30_000), { ...BUDGET, leftMs: 35_000 }, LEAST)).toBe(25_000);
});

test('near the end of the budget waits for half of what is left, until there is no time for an attempt', () => {
  expect(pauseMs(open(30_000), { ...BUDGET, leftMs: 8_000 }, LEAST)).toBe(4_000);
  expect(pauseMs(open(30_000), { ...BUDGET, leftMs: 2_000 }, LEAST)).toBe(1_000);
  expect(pauseMs(open(30_000), { ...BUDGET, leftMs: 1_900 }, LEAST)).toBeUndefined();
  expect(pauseMs(open(30_000), { ...BUDGET, wholeMs: 1_000, leftMs: 900 }, LEAST)).toBe(450);
});
