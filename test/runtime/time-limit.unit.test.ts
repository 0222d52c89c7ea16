import { setTimeout as rest } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { settleWithin, TookTooLong, within } from '../../src/runtime/time-limit';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The abort reason of a signal that only its listener holds. */
const reasonOf = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', ({ target }) => resolve((target as AbortSignal).reason)));

test('aborts when the time is over, even if garbage was collected meanwhile', async () => {
  const reason = reasonOf(within(50, new AbortController().signal));
  // A timer of our own, because a time limit does not keep the process alive.
  const awake = setInterval(collectGarbage, 10);

  const found = await reason.finally(() => clearInterval(awake));

  expect(found).toMatchObject({ name: 'TimeoutError', message: 'It took longer than 50 ms' });
});

test('aborts with the first of its signals, and for its reason', async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  // Node 24.21 sets the reason of a joint signal when it aborts only if somebody listens, as all our clients do.
  const reason = reasonOf(within(60_000, first.signal, second.signal));

  second.abort('interrupted');
  first.abort('too late');

  expect(await reason).toBe('interrupted');
});

test('is already aborted if one of its signals was', () => {
  expect(within(60_000, AbortSignal.abort('before')).reason).toBe('before');
});

test('a call that never settles and ignores the abort ends when its time is over', async () => {
  const late = settleWithin(20, () => new Promise<never>(() => undefined), 'The other side');

  await expect(late).rejects.toThrow(new TookTooLong(20, 'The other side'));
});

test('a call that ends because it was aborted is late all the same', async () => {
  const ended = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));

  await expect(settleWithin(20, ended)).rejects.toThrow(TookTooLong);
});

test('a call that settles in time keeps its result, and is not aborted afterwards', async () => {
  let signal = AbortSignal.abort();
  const answer = await settleWithin(20, async (late) => ((signal = late), 'answer'));
  await expect(settleWithin(20, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');

  // Timers of the same length fire in the order in which they were set.
  await rest(20);

  expect([answer, signal.aborted]).toEqual(['answer', false]);
});
