import { beforeAll, expect, test } from '@jest/globals';
import { quietRuntime } from '../../support/quiet-runtime';
import { changedWorkflow } from './changed-workflow';
import { CURRENT_SHAPE, folderOf } from './corpus';
import { replay, reportIn } from './replay';

beforeAll(quietRuntime);

/* Whether an order is in the fast lane is read from its history. Code that reads it wrongly must fail one of these. */
const CONTROLS = [
  {
    wrong: 'an order whose first task was lost stays in the lane',
    change: ['let hasLeft = hasLostItsFirstTask();', 'let hasLeft = false; void hasLostItsFirstTask;'],
    diverges: 'first-task-lost.json',
  },
  {
    wrong: 'the length of the history decides alone',
    change: [" && patched('first-task-lost')", ''],
    diverges: 'first-task-prolonged.json',
  },
  {
    wrong: 'an order leaves the lane without a marker that says so',
    change: ["hasLeft = patched('left-the-fast-lane');", 'hasLeft = true;'],
    diverges: 'stuck-step-retried.json',
  },
] as const;

test.each(CONTROLS)('$wrong: $diverges diverges', async ({ change: [right, wrong], diverges }) => {
  const bundle = await changedWorkflow('workflows/fast-lane.ts', (source) => source.replace(right, wrong));

  const { failed } = reportIn(await replay([folderOf(`${CURRENT_SHAPE}-fast-lane`), '--json'], { bundle }));

  expect(failed.map(({ history }) => history)).toContain(diverges);
});

test('orders that left the lane under a build that let them come back go on as they began', async () => {
  const { ok } = reportIn(await replay([folderOf('v0.1-fast-lane'), '--json']));

  expect(ok).toBe(true);
});
