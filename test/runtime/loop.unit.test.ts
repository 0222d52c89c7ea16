import { afterEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { startLoop } from '../../src/runtime/loop';

const HOUR_MS = 3_600_000;

/** A loop that rests for an hour, and whose passes the test ends one by one. */
function aLoop() {
  const ends: ((done: number | Error) => void)[] = [];
  let passes = 0;
  const once = () => {
    passes += 1;
    return new Promise<number>((resolve, reject) => {
      ends.push((done) => (done instanceof Error ? reject(done) : resolve(done)));
    });
  };
  const loop = startLoop('test', once, { restMs: HOUR_MS, full: 1, logger: pino({ level: 'silent' }) });
  /** Ends the pass that is under way, and lets what follows at once happen. */
  const end = async (done: number | Error) => {
    ends.shift()?.(done);
    await aTurn();
  };
  close = async () => {
    const stopped = loop.stop();
    await end(0);
    await stopped;
  };
  return { loop, end, passes: () => passes };
}

let close: () => Promise<void>;
afterEach(() => close());

const aTurn = () => new Promise((resolve) => setImmediate(resolve));

test('a loop that rests begins at once when it is woken', async () => {
  const { loop, end, passes } = aLoop();
  await end(0);

  loop.wake();
  await aTurn();

  expect(passes()).toBe(2);
});

test.each([[0], [new Error('away')]])(
  'what it is woken for during a pass that ends with %p is not left for later',
  async (done) => {
    const { loop, end, passes } = aLoop();

    loop.wake();
    await end(done);

    expect(passes()).toBe(2);
  },
);

test('a loop that is stopped ends its rest, and begins no pass', async () => {
  const { loop, end, passes } = aLoop();
  await end(0);

  await loop.stop();
  loop.wake();
  await aTurn();

  expect(passes()).toBe(1);
});
