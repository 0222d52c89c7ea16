import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { OutcomeWatch } from '../../src/checkouts/outcome-watch';
import type { Queryable } from '../../src/postgres/database';

const A_MINUTE_MS = 60_000;
/** When a single waiting client is first looked up. */
const SOON_MS = 4;
/** The interval between two polls when the watch is notified of ends. */
const REST_MS = 100;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

/** The checkouts that a watch queries; an answer can be held back. */
class Checkouts {
  looks = 0;
  readonly ended = new Set<string>();
  held: Promise<void> | undefined;

  readonly query = (async (_text: string, [ids]: [readonly string[]]) => {
    this.looks += 1;
    const rows = ids.filter((id) => this.ended.has(id)).map((id) => ({ id }));
    await this.held;
    return { rows };
  }) as unknown as Queryable['query'];
}

function setup({ isTold }: { isTold: boolean }) {
  const checkouts = new Checkouts();
  const watch = new OutcomeWatch(checkouts, { onError: () => undefined, isTold: () => isTold });
  const released: string[] = [];
  const wait = (id: string) =>
    void watch.endedOrAsking(id, A_MINUTE_MS, new AbortController().signal).then(() => released.push(id));
  return { checkouts, watch, wait, released };
}

test('looks immediately when it is notified of an end', async () => {
  const { checkouts, watch, wait, released } = setup({ isTold: true });
  wait('a');
  await pass(SOON_MS);

  checkouts.ended.add('a');
  watch.lookNow();
  await pass(1);

  expect(released).toEqual(['a']);
});

test('looks again immediately when it is notified of an end during a query that missed it', async () => {
  const { checkouts, watch, wait, released } = setup({ isTold: true });
  let answer = (): void => undefined;
  checkouts.held = new Promise((resolve) => (answer = resolve));
  wait('a');
  await pass(SOON_MS);

  checkouts.ended.add('a');
  watch.lookNow();
  answer();
  await pass(1);

  expect(released).toEqual(['a']);
});

test.each([
  { isTold: true, ms: REST_MS },
  { isTold: false, ms: SOON_MS },
])('sees an end without a notification (notified of others: $isTold)', async ({ isTold, ms }) => {
  const { checkouts, wait, released } = setup({ isTold });
  wait('a');
  await pass(SOON_MS);

  checkouts.ended.add('a');
  await pass(ms + 1);

  expect(released).toEqual(['a']);
});

test('soon releases a client that comes after the end', async () => {
  const { checkouts, wait, released } = setup({ isTold: true });
  wait('b');
  await pass(SOON_MS);

  checkouts.ended.add('a');
  wait('a');
  await pass(2 * SOON_MS);

  expect(released).toEqual(['a']);
});

test('does not query when nobody waits', async () => {
  const { checkouts, watch, wait } = setup({ isTold: true });
  checkouts.ended.add('a');
  wait('a');
  await pass(SOON_MS);
  const { looks } = checkouts;

  watch.lookNow();
  await pass(A_MINUTE_MS);

  expect(checkouts.looks).toBe(looks);
});
