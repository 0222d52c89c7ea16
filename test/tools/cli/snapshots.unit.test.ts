import { expect, test } from '@jest/globals';
import type { CheckoutSnapshot } from '../../../src/tools/cli/checkout-snapshot';
import { Problem } from '../../../src/tools/terminal/problem';
import { snapshots } from '../../../src/tools/cli/snapshots';
import { aCheckout, aClock, completed } from './setup';

const away = new Problem({ code: 'unreachable', title: 'Away' });
const overloaded = new Problem({ code: 'busy', title: 'Busy', status: 503 });
const forbidden = new Problem({ code: 'forbidden', title: 'Not yours', status: 403 });

/** Reads that answer in turn; the last answer is repeated. */
function setup(...answers: (CheckoutSnapshot | Problem)[]) {
  const clock = aClock();
  const lost: string[] = [];
  const seen: CheckoutSnapshot[] = [];
  const look = async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Problem) throw answer;
    if (!answer) throw new Error('No answer was given');
    return answer;
  };
  const stream = () => {
    throw new Error('No snapshot has a link to a stream');
  };
  const onLost = (sentence: string) => lost.push(sentence);
  const watch = async (known = false) => {
    for await (const snapshot of snapshots({ look, stream, clock, onLost, known })) seen.push(snapshot);
  };
  return { clock, lost, seen, watch };
}

test('reads less and less often while nothing changes, and often again after a change', async () => {
  const [first, second] = [aCheckout(['running']), aCheckout(['done', 'running'])];
  const { clock, seen, watch } = setup(first, ...Array<CheckoutSnapshot>(7).fill(first), second, completed);

  await watch();

  expect(seen).toEqual([first, second, completed]);
  expect(clock.rests).toEqual([300, 450, 675, 1012.5, 1518.75, 2000, 2000, 2000, 300]);
});

test('ends with a checkout that waits for an operator', async () => {
  const stuck = aCheckout(['undo-failed'], { state: 'needs-attention' });
  const { seen, watch } = setup(stuck);

  await watch();

  expect(seen).toEqual([stuck]);
});

test('gives up after a minute without an answer, having said once that it waits', async () => {
  const { clock, lost, watch } = setup(aCheckout(), away);

  await expect(watch()).rejects.toBe(away);

  const waited = clock.rests.slice(1).reduce((sum, ms) => sum + ms, 0);
  expect(waited).toBe(60_000);
  expect(lost).toHaveLength(1);
});

test('says again that the API is away if it was back in between', async () => {
  const { lost, seen, watch } = setup(aCheckout(), away, away, aCheckout(['running']), overloaded, completed);

  await watch();

  expect(seen).toHaveLength(3);
  expect(lost).toEqual([expect.stringContaining('unreachable'), expect.stringContaining('busy, HTTP 503')]);
});

test('waits from the first read on for an API that is known to exist', async () => {
  const { lost, watch } = setup(away, completed);

  await watch(true);

  expect(lost).toHaveLength(1);
});

test('does not wait for what will not pass', async () => {
  const { lost, watch } = setup(aCheckout(), forbidden);

  await expect(watch()).rejects.toBe(forbidden);

  expect(lost).toEqual([]);
});
