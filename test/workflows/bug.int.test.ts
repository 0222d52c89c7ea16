import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually';
import { recordingActivities } from '../support/recording-activities';
import { SagaHarness } from '../support/saga-harness';
import { anOrder } from '../support/builders';

let harness: SagaHarness;
beforeAll(async () => {
  harness = await SagaHarness.start('fast');
});
afterAll(() => harness.stop());

/** The failure that the failure converter prepared for encryption. */
const readFailure = (data: Uint8Array): { message: string; stack_trace: string } =>
  JSON.parse(Buffer.from(data).toString()) as { message: string; stack_trace: string };

test('a bug undoes nothing: the workflow task fails, is retried, and names the line that threw', async () => {
  const { activities, calls } = recordingActivities({ createOrder: async () => undefined as never });

  const failure = await harness.runMany(activities, async (start) => {
    const handle = await start(anOrder());
    return eventually(async () => {
      const { events } = await handle.fetchHistory();
      const failed = events?.find(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes);
      return failed?.workflowTaskFailedEventAttributes?.failure ?? undefined;
    });
  });

  const { message, stack_trace: trace } = readFailure(failure.encodedAttributes?.data ?? new Uint8Array());
  expect(message).toContain("Cannot destructure property 'total'");
  expect(trace).toMatch(/at checkout \(.*workflows\/checkout\.ts:\d+:\d+\)/);
  expect(new Set(calls)).toEqual(new Set(['createOrder']));
});
