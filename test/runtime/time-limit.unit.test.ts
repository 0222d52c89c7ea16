import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { within } from '../../src/runtime/time-limit';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The reason, of a signal that only its listener knows. */
const reasonOf = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', ({ target }) => resolve((target as AbortSignal).reason)));

test('aborts when the time is over, also when garbage was collected meanwhile', async () => {
  const reason = reasonOf(within(50, new AbortController().signal));
  // A timer of our own, because a limit does not keep the process.
  const awake = setInterval(collectGarbage, 10);

  const found = await reason.finally(() => clearInterval(awake));

  expect(found).toMatchObject({ name: 'TimeoutError', message: 'It took longer than 50 ms' });
});

test('aborts with the first of its signals, and for its reason', async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const signal = within(60_000, first.signal, second.signal);

  second.abort('interrupted');
  first.abort('too late');

  expect(signal.reason).toBe('interrupted');
});

test('is aborted from the beginning where one of its signals was', () => {
  expect(within(60_000, AbortSignal.abort('before')).reason).toBe('before');
});
