import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { OutcomeWatch } from '../../src/checkouts/outcome-watch';
import type { Queryable } from '../../src/postgres/database';

const A_MINUTE_MS = 60_000;
/** So soon is the first look of somebody who waits alone. */
const SOON_MS = 4;
/** The rest between two looks of those who are told. */
const REST_MS = 100;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

/** Checkouts of which a watch asks; an answer can be held back. */
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
  const letGo: string[] = [];
  const wait = (id: string) =>
    void watch.ended(id, A_MINUTE_MS, new AbortController().signal).then(() => letGo.push(id));
  return { checkouts, watch, wait, letGo };
}

test('who is told of an end looks at once', async () => {
  const { checkouts, watch, wait, letGo } = setup({ isTold: true });
  wait('a');
  await pass(SOON_MS);

  checkouts.ended.add('a');
  watch.lookNow();
  await pass(1);

  expect(letGo).toEqual(['a']);
});

test('an end that is told during a look, which came too late for it, is seen by another look at once', async () => {
  const { checkouts, watch, wait, letGo } = setup({ isTold: true });
  let answer = (): void => undefined;
  checkouts.held = new Promise((resolve) => (answer = resolve));
  wait('a');
  await pass(SOON_MS);

  checkouts.ended.add('a');
  watch.lookNow();
  answer();
  await pass(1);

  expect(letGo).toEqual(['a']);
});

test.each([
  { isTold: true, ms: REST_MS },
  { isTold: false, ms: SOON_MS },
])('an end that nobody tells of is seen all the same (told of others: $isTold)', async ({ isTold, ms }) => {
  const { checkouts, wait, letGo } = setup({ isTold });
  wait('a');
  await pass(SOON_MS);

  checkouts.ended.add('a');
  await pass(ms + 1);

  expect(letGo).toEqual(['a']);
});

test('who comes when it has ended is told of nothing, and is let go soon', async () => {
  const { checkouts, wait, letGo } = setup({ isTold: true });
  wait('b');
  await pass(SOON_MS);

  checkouts.ended.add('a');
  wait('a');
  await pass(2 * SOON_MS);

  expect(letGo).toEqual(['a']);
});

test('where nobody waits nobody looks', async () => {
  const { checkouts, watch, wait } = setup({ isTold: true });
  checkouts.ended.add('a');
  wait('a');
  await pass(SOON_MS);
  const { looks } = checkouts;

  watch.lookNow();
  await pass(A_MINUTE_MS);

  expect(checkouts.looks).toBe(looks);
});
