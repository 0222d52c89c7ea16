import { expect, jest, test } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import { keptAsStarted, LostWorkflow, unlessLost } from '../support/lost-workflow';

const { EventType } = temporal.api.enums.v1;
const last = (eventId: number, type: keyof typeof EventType) => ({ eventId, eventType: EventType[type] });

test('a workflow is lost only while one and the same task counts as started', () => {
  const started = last(12, 'EVENT_TYPE_WORKFLOW_TASK_STARTED');

  expect(keptAsStarted(started, { ...started })).toBe(true);
  expect(keptAsStarted(started, last(15, 'EVENT_TYPE_WORKFLOW_TASK_STARTED'))).toBe(false);
  expect(keptAsStarted(started, last(13, 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED'))).toBe(false);
  expect(
    keptAsStarted(last(9, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED'), last(9, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED')),
  ).toBe(false);
  expect(keptAsStarted(undefined, undefined)).toBe(false);
});

test('a story is told once more where its workflow was lost, twice at the most, and no other failure is forgiven', async () => {
  const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  const told = async (...ends: readonly (Error | undefined)[]) => {
    const left = [...ends];
    const end = await unlessLost(async () => {
      const next = left.shift();
      if (next) throw next;
    })().catch((error: unknown) => error);
    return { end, times: ends.length - left.length };
  };
  const lost = new LostWorkflow('lost');
  const wrong = new Error('wrong');

  expect(await told(undefined, undefined)).toEqual({ end: undefined, times: 1 });
  expect(await told(lost, undefined, undefined)).toEqual({ end: undefined, times: 2 });
  expect(await told(lost, lost, undefined)).toEqual({ end: lost, times: 2 });
  expect(await told(lost, wrong)).toEqual({ end: wrong, times: 2 });
  expect(await told(wrong, undefined)).toEqual({ end: wrong, times: 1 });
  warned.mockRestore();
});
