import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { recordRetry } from './retried-tests';

/** How many of its last events the message shows of a workflow that has not ended. */
const LAST_EVENTS = 5;

/**
 * Now and then the time-skipping server does not bring a workflow to its end (temporalio/sdk-java#3088 describes one way: a task stays
 * marked as started although no worker has it). It happened in full test runs, and never when we tried to provoke it: not in 139 workflows of
 * one kind, nor in six runs of the matrix next to six busy processes. The real server never did it, in 5,000 orders under chaos. The message
 * says what the server had.
 */
export class LostWorkflow extends Error {
  static async of(handle: WorkflowHandle): Promise<LostWorkflow> {
    const has = await whatTheServerHas(handle).catch((error: unknown) => `an error: ${String(error)}`);
    return new LostWorkflow(`The test server did not end ${handle.workflowId} in time. It has ${has}`);
  }
}

async function whatTheServerHas(handle: WorkflowHandle): Promise<string> {
  const { status, raw } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const last = (events ?? [])
    .slice(-LAST_EVENTS)
    .map(({ eventId, eventType }) => `${String(eventId)} of type ${eventType}`);
  const pending = (raw.pendingActivities ?? []).map((each) => JSON.stringify(each));
  return `status ${status.name}; last events: ${last.join(', ')}; pending activities: ${pending.join(', ') || 'none'}`;
}

/** Retries a test once if the test server lost its workflow. A second loss fails the test, and more than a few retries fail the run. */
export const retryIfLost =
  <Arguments extends unknown[]>(body: (...args: Arguments) => Promise<void>) =>
  async (...args: Arguments): Promise<void> => {
    try {
      await body(...args);
    } catch (cause) {
      if (!(cause instanceof LostWorkflow)) throw cause;
      recordRetry(expect.getState().currentTestName ?? 'a test', cause.message);
      await body(...args);
    }
  };

export const sagaTest = (name: string, body: () => Promise<void>): void => test(name, retryIfLost(body));
