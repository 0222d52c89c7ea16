import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { startLoop } from '../../src/runtime/loop';

const HOUR_MS = 3_600_000;

/** A loop that rests for an hour, and whose passes the test ends one by one. */
function aLoop() {
  const ends: ((done: number | Error) => void)[] = [];
  const begun: (() => void)[] = [];
  let passes = 0;
  const once = () => {
    passes += 1;
    begun.shift()?.();
    return new Promise<number>((resolve, reject) => {
      ends.push((done) => (done instanceof Error ? reject(done) : resolve(done)));
    });
  };
  const nextPass = () => new Promise<void>((resolve) => void begun.push(resolve));
  const loop = startLoop('test', once, { restMs: HOUR_MS, full: 1, logger: pino({ level: 'silent' }) });
  return { loop, passes: () => passes, nextPass, end: (done: number | Error) => ends.shift()?.(done) };
}

const aTurn = () => new Promise((resolve) => setImmediate(resolve));

test('a loop that rests begins at once when it is woken', async () => {
  const { loop, end, nextPass, passes } = aLoop();
  end(0);
  await aTurn();

  const next = nextPass();
  loop.wake();
  await next;

  expect(passes()).toBe(2);
  end(0);
  await loop.stop();
});

test.each([[0], [new Error('away')]])(
  'what it is woken for during a pass that ends with %p is not left for later',
  async (done) => {
    const { loop, end, nextPass, passes } = aLoop();

    loop.wake();
    const next = nextPass();
    end(done);
    await next;

    expect(passes()).toBe(2);
    end(0);
    await loop.stop();
  },
);

test('a loop that is stopped ends its rest, and begins no pass', async () => {
  const { loop, end, passes } = aLoop();
  end(0);
  await aTurn();

  loop.wake();
  await Promise.all([loop.stop(), aTurn().then(() => end(0))]);
  const before = passes();
  loop.wake();
  await aTurn();

  expect(passes()).toBe(before);
});
