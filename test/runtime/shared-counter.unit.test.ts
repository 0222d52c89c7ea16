import { expect, test } from '@jest/globals';
import { SharedCounter } from '../../src/runtime/shared-counter';

const WINDOW_MS = 10_000;

test('remembers frequent callers although twenty thousand other addresses call', () => {
  const counter = new SharedCounter(undefined, () => 0);
  const often = Array.from({ length: 50 }, (_, at) => `address:busy-${at}`);
  for (const name of often) for (let at = 0; at < 10; at += 1) counter.count(name, WINDOW_MS);

  for (let at = 0; at < 20_000; at += 1) counter.count(`address:${at}`, WINDOW_MS);

  expect(often.map((name) => counter.count(name, WINDOW_MS).current)).toEqual(often.map(() => 11));
});

test('limits how many names it counts', () => {
  const counter = new SharedCounter(undefined, () => 0);

  for (let at = 0; at < 200_000; at += 1) counter.count(`address:${at}`, WINDOW_MS);

  expect(counter.size).toBeLessThanOrEqual(10_000);
});

test('what is taken back was never counted, even if the window has ended meanwhile', () => {
  let now = 0;
  const counter = new SharedCounter(undefined, () => now);

  counter.count('key', WINDOW_MS);
  counter.count('key', WINDOW_MS);
  counter.takeBack('key');
  expect(counter.count('key', WINDOW_MS).current).toBe(2);
  now = WINDOW_MS;
  counter.takeBack('key');

  expect(counter.count('key', WINDOW_MS).current).toBe(1);
});
