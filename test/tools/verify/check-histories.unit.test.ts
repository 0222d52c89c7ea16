import { expect, test } from '@jest/globals';
import { checkHistories } from '../../../src/tools/verify/histories/check-histories';
import { Tally } from '../../../src/tools/verify/verdict';

const good = { history: 'v0.1/completed.json', events: 50, replayed: true };

test('accepts histories that replay, and counts them', async () => {
  const tally = new Tally();

  await checkHistories('recorded', [good, good], tally);

  expect(tally).toMatchObject({
    checked: 2,
    violations: 0,
    details: { recorded: { histories: 2, replayed: 2, diverged: 0 } },
  });
});

test('finds a history that diverges, and one that differs from its release', async () => {
  const tally = new Tally();
  const diverged = { ...good, failure: { history: good.history, event: 11, message: 'Activity type differs' } };
  const gone = { history: 'gone', message: 'It was released, and is missing.', event: null };

  await checkHistories('recorded', [good, diverged, { ...good, replayed: false, failure: gone }], tally);

  expect(tally.examples.map(({ sentence }) => sentence)).toEqual([
    'recorded: v0.1/completed.json at event 11: Activity type differs',
    'recorded: v0.1/completed.json: It was released, and is missing.',
  ]);
});
