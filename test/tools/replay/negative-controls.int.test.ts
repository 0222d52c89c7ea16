import { beforeAll, describe, expect, test } from '@jest/globals';
import { historiesIn } from '../../../src/tools/replay/released-shape';
import { laneFolders } from './corpus';
import { quietRuntime } from '../../support/quiet-runtime';
import { eventsIn, recordedAt } from './recorded';
import type { RecordedEvent } from './recorded';
import { replay, reportIn } from './replay';
import { swapLines, changedWorkflow } from './changed-workflow';

beforeAll(quietRuntime);

const CHECKOUT = 'workflows/checkout.ts';
const POLICIES = 'workflows/policies.ts';

interface Control {
  readonly wrong: string;
  readonly file: string;
  readonly change: (source: string) => string;
  /** The recorded activity, and what the wrong workflow calls instead. */
  readonly missed: string;
  readonly instead: string;
}

const CONTROLS: readonly Control[] = [
  {
    wrong: 'two steps reordered',
    file: CHECKOUT,
    change: swapLines("step('stock-reserved'", "step('fulfillment-triggered'"),
    missed: 'reserveStock',
    instead: 'triggerFulfillment',
  },
  {
    wrong: 'two steps after the pivot reordered',
    file: CHECKOUT,
    change: swapLines("step('notification-sent'", "step('loyalty-awarded'"),
    missed: 'sendNotification',
    instead: 'awardLoyalty',
  },
  {
    wrong: 'an undo removed',
    file: POLICIES,
    change: (source) =>
      source.replace('undo = (step: Step) =>', "$& step === 'stock-reserved' ? async () => undefined :"),
    missed: 'releaseStock',
    instead: 'voidPayment',
  },
  {
    wrong: 'an activity renamed',
    file: POLICIES,
    change: (source) =>
      source.replace(
        '[name] = STEP_ACTIVITIES[step].act',
        "name = STEP_ACTIVITIES[step].act[0].replace('award', 'grant')",
      ),
    missed: 'awardLoyalty',
    instead: 'grantLoyalty',
  },
];

/**
 * A local activity after an update that completed in the same workflow task: there the SDK uses the recorded result without comparing the
 * request. A new activity name alone goes unnoticed; a workflow that then does something else does not.
 */
function isOverlooked(events: readonly RecordedEvent[], event: number): boolean {
  const types = events.slice(0, event).map(({ eventType }) => eventType);
  const task = types.slice(types.lastIndexOf('EVENT_TYPE_WORKFLOW_TASK_COMPLETED'));
  return (
    task.at(-1) === 'EVENT_TYPE_MARKER_RECORDED' && task.includes('EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED')
  );
}

describe.each(laneFolders())('%s lane', (_, folder) => {
  test.each(CONTROLS)('$wrong: every affected history diverges, at that event', async (control) => {
    const { file, change, missed, instead } = control;
    const bundle = await changedWorkflow(file, change);

    const outcome = await replay([folder, '--json'], { bundle });

    const { ok, replayed, failed } = reportIn(outcome);
    const expected = historiesIn(folder).flatMap((history) => {
      const events = eventsIn(folder, history.replace('.json', ''));
      const event = recordedAt(events, missed);
      if (event === undefined || isOverlooked(events, event)) return [];
      // An order that left the lane has markers of its first steps only.
      const isLocal = events[event - 1]?.eventType === 'EVENT_TYPE_MARKER_RECORDED';
      const says = `'${missed}' does not match activity type of ${isLocal ? 'local ' : ''}activity command '${instead}'`;
      return [{ history, event, message: expect.stringContaining(says) }];
    });
    expect({ ok, replayed, code: outcome.code }).toEqual({ ok: false, replayed: historiesIn(folder).length, code: 1 });
    expect(expected.length).toBeGreaterThan(0);
    expect(failed).toEqual(expected);
  });

  test('when a resumed order goes forward instead of being undone, its history diverges, and no other', async () => {
    const bundle = await changedWorkflow('workflows/take-over.ts', (source) =>
      source.replace('if (!unwinding) return;', 'if (order) return;'),
    );

    const { failed } = reportIn(await replay([folder, '--json'], { bundle }));

    expect(failed.map(({ history }) => history)).toEqual(['resumed-unwinding.json']);
  });

  test('reports a bug in the workflow with its message', async () => {
    const bug = `const isBroken: boolean = true; if (isBroken) throw new Error('a bug');`;
    const bundle = await changedWorkflow(CHECKOUT, (source) =>
      source.replace(/export async function .*\{\n/, `$&${bug}\n`),
    );

    const { failed } = reportIn(await replay([folder, '--json'], { bundle }));

    expect(failed).toHaveLength(historiesIn(folder).length);
    expect(failed[0]?.message).toBe('a bug');
  });
});
