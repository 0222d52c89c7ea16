import { beforeAll, expect, test } from '@jest/globals';
import { historiesIn } from '../../src/replay/released-shape';
import { currentShape, folderOf } from './corpus';
import { quietRuntime } from '../support/quiet-runtime';
import { eventsIn, scheduledAt } from './recorded';
import { replay, reportIn } from './replay';
import { swapLines, changedWorkflow } from './changed-workflow';

beforeAll(quietRuntime);

const FOLDER = folderOf(currentShape());
const CHECKOUT = 'workflows/checkout.ts';
const POLICIES = 'workflows/policies.ts';

interface Control {
  readonly wrong: string;
  readonly file: string;
  readonly change: (source: string) => string;
  /** The activity that was scheduled where the wrong workflow does something else. */
  readonly missed: string;
  readonly says: RegExp;
}

const CONTROLS: readonly Control[] = [
  {
    wrong: 'two steps reordered',
    file: CHECKOUT,
    change: swapLines("step('stock-reserved'", "step('fulfillment-triggered'"),
    missed: 'reserveStock',
    says: /'reserveStock' does not match activity type of activity command 'triggerFulfillment'/,
  },
  {
    wrong: 'two steps behind the pivot reordered',
    file: CHECKOUT,
    change: swapLines("step('notification-sent'", "step('loyalty-awarded'"),
    missed: 'sendNotification',
    says: /'sendNotification' does not match activity type of activity command 'awardLoyalty'/,
  },
  {
    wrong: 'an undo removed',
    file: CHECKOUT,
    change: (source) => source.replace('undo.releaseStock', 'async () => undefined'),
    missed: 'releaseStock',
    says: /'releaseStock' does not match activity type of activity command 'voidPayment'/,
  },
  {
    wrong: 'an activity renamed',
    file: POLICIES,
    change: (source) => source.replace("'awardLoyalty'", "'grantLoyalty' as 'awardLoyalty'"),
    missed: 'awardLoyalty',
    says: /'awardLoyalty' does not match activity type of activity command 'grantLoyalty'/,
  },
];

test.each(CONTROLS)('$wrong: every history it matters to diverges, and at that event', async (control) => {
  const { file, change, missed, says } = control;
  const bundle = await changedWorkflow(file, change);

  const outcome = await replay([FOLDER, '--json'], { bundle });

  const { ok, replayed, failed } = reportIn(outcome);
  const expected = historiesIn(FOLDER).flatMap((history) => {
    const event = scheduledAt(eventsIn(FOLDER, history.replace('.json', '')), missed);
    return event === undefined ? [] : [{ history, event, message: expect.stringMatching(says) }];
  });
  expect({ ok, replayed, code: outcome.code }).toEqual({ ok: false, replayed: historiesIn(FOLDER).length, code: 1 });
  expect(expected.length).toBeGreaterThan(0);
  expect(failed).toEqual(expected);
});

test('a bug in the workflow is told with its message', async () => {
  const bug = `const isBroken: boolean = true; if (isBroken) throw new Error('a bug');`;
  const bundle = await changedWorkflow(CHECKOUT, (source) =>
    source.replace(/export async function .*\{\n/, `$&${bug}\n`),
  );

  const { failed } = reportIn(await replay([FOLDER, '--json'], { bundle }));

  expect(failed).toHaveLength(historiesIn(FOLDER).length);
  expect(failed[0]?.message).toBe('a bug');
});
