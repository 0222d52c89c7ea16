import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { defineQuery } from '@temporalio/workflow';
import { CHECKOUT_PROGRESS } from '../../src/contract/checkout';
import { eventually } from '../support/eventually';
import { recordingActivities } from '../support/recording-activities';
import { SagaHarness } from '../support/saga-harness';

let harness: SagaHarness;
beforeAll(async () => {
  harness = await SagaHarness.start('regular');
});
afterAll(() => harness.stop());

/** The SDK's own query. */
const stackTrace = defineQuery<string>('__stack_trace');

test('a waiting checkout keeps no stack traces, and still tells its progress', async () => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  const { activities, calls } = recordingActivities({
    createOrder: async () => {
      await asked;
      return { total: { minor: 3000, currency: 'USD' } };
    },
  });
  let trace: string | undefined;
  let progress: unknown;

  await harness.run(activities, async (handle) => {
    await eventually(async () => (calls.includes('createOrder') ? true : undefined));
    trace = await handle.query(stackTrace);
    progress = await handle.query(CHECKOUT_PROGRESS);
    answer();
  });

  // Each trace costs more than what it traces. This fails if the SDK starts to take them in a way that `workflows/stack-traces.ts` does not handle.
  expect(trace).toBe('');
  expect(progress).toMatchObject({ steps: { 'order-created': 'running' } });
});
