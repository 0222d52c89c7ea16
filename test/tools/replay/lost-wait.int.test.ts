import { beforeAll, describe, expect, test } from '@jest/globals';
import { historiesIn } from '../../../src/tools/replay/released-shape';
import { quietRuntime } from '../../support/quiet-runtime';
import { changedWorkflow } from './changed-workflow';
import { laneFolders } from './corpus';
import { eventsIn, recordedAt } from './recorded';
import type { RecordedEvent } from './recorded';
import { replay, reportIn } from './replay';

beforeAll(quietRuntime);

const has = (eventType: string) => (events: readonly RecordedEvent[]) =>
  events.some((event) => event.eventType === eventType);

/* Whatever a workflow does wrong about a payment that is undecided, it must fail every history it would have gone wrong with. */
const CONTROLS = [
  {
    wrong: 'the wait is lost, and the order goes on without a payment',
    change: ["while ('waitsFor' in answer) {", 'while (!answer) {'],
    diverges: (events: readonly RecordedEvent[]) => recordedAt(events, 'awaitPayment') !== undefined,
  },
  {
    wrong: 'news are ignored',
    change: ['asking?.cancel();', 'void asking;'],
    diverges: has('EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED'),
  },
] as const;

describe.each(laneFolders())('%s lane', (_, folder) => {
  test.each(CONTROLS)(
    '$wrong: these histories diverge, and no others',
    async ({ change: [right, wrong], diverges }) => {
      const bundle = await changedWorkflow('workflows/payment.ts', (source) => source.replace(right, wrong));

      const { failed } = reportIn(await replay([folder, '--json'], { bundle }));

      const affected = historiesIn(folder).filter((file) => diverges(eventsIn(folder, file.replace('.json', ''))));
      expect(affected).not.toEqual([]);
      expect(failed.map(({ history }) => history)).toEqual(affected);
    },
  );
});

test.each(laneFolders())(
  '%s lane: a wait is eight events, however often it asks, and news are ten more',
  (_, folder) => {
    const lengthOf = (name: string) => eventsIn(folder, name).length;

    expect(lengthOf('payment-approved') - lengthOf('completed')).toBe(8);
    expect(lengthOf('payment-news') - lengthOf('payment-approved')).toBe(10);
  },
);
