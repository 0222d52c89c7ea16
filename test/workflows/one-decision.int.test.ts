import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { CheckoutActivities } from '../../src/contract/activities';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import { REPAIR } from '../../src/contract/repair';
import type { Repair } from '../../src/contract/repair';
import { CHECKOUT_STATE } from '../../src/contract/search-attributes';
import { meeting } from '../tools/replay/meeting';
import { fail, refuse } from '../tools/replay/scenario';
import { anOrder } from '../support/builders';
import { eventually } from '../support/eventually';
import { loneWorker } from '../support/lone-worker';
import type { LoneWorker } from '../support/lone-worker';
import { recordingActivities } from '../support/recording-activities';
import { endOf } from '../support/saga-harness';

/* Operators with different decisions about one order, on the real server. */
let temporal: LoneWorker;
beforeAll(async () => {
  temporal = await loneWorker();
});
afterAll(() => temporal.close());

type Decision = Pick<Repair, 'step' | 'action'>;
const on = (step: Repair['step'], action: Repair['action']): Decision => ({ step, action });

const sentenceIn = (error: Error): string => (error.cause instanceof Error ? sentenceIn(error.cause) : error.message);

/** `done`, or why not. */
const decide = (handle: WorkflowHandle, decision: Decision): Promise<string> => {
  const repair: Repair = {
    ...decision,
    id: randomUUID(),
    reason: 'I know why.',
    operator: `who-wants-${decision.action}`,
  };
  return handle.executeUpdate<void, [Repair]>(REPAIR, { updateId: repair.id, args: [repair] }).then(
    () => 'done',
    (error: Error) => sentenceIn(error),
  );
};
const firstWas = (action: string) => expect.stringContaining(`who-wants-${action} decided ${action}`);

async function waits(overrides: Partial<CheckoutActivities>, then: (handle: WorkflowHandle) => Promise<unknown>) {
  const { activities, calls } = recordingActivities(overrides);
  const input = { ...anOrder(), attentionAfter: '1s' };
  const run = temporal.run(activities, CHECKOUT_WORKFLOW, input, async (handle) => {
    await eventually(async () => {
      const { typedSearchAttributes } = await handle.describe();
      return typedSearchAttributes.get(CHECKOUT_STATE) === 'needs-attention' ? true : undefined;
    });
    await then(handle);
  });
  await endOf(run);
  return calls;
}

test('the first decision holds the case before anything is awaited, until it is done', async () => {
  const { arrive, met, leave } = meeting();
  const recorded: string[] = [];
  const recordRepair = async ({ action }: Repair) => {
    recorded.push(action);
    await arrive();
  };

  await waits({ sendNotification: fail, recordRepair }, async (handle) => {
    const first = decide(handle, on('notification-sent', 'skip'));
    await met;
    expect(await decide(handle, on('notification-sent', 'cancel'))).toEqual(firstWas('skip'));
    leave();
    expect(await first).toBe('done');
  });

  expect(recorded).toEqual(['skip']);
});

test('an order that was given up stays given up while it is being undone', async () => {
  const { arrive, met, leave } = meeting();

  const calls = await waits({ generateLabel: fail, voidLabel: arrive }, async (handle) => {
    expect(await decide(handle, on('label-generated', 'cancel'))).toBe('done');
    await met;
    expect(await decide(handle, on('label-generated', 'retry'))).toEqual(firstWas('cancel'));
    leave();
  });

  expect(calls.filter((name) => name === 'recordRepair')).toHaveLength(1);
});

test('no operator decides a step that is undone because its customer cancelled', async () => {
  const { arrive, met, leave } = meeting();

  const calls = await waits({ sendNotification: fail, sendCancellation: arrive }, async (handle) => {
    await handle.cancel();
    await met;
    expect(await decide(handle, on('notification-sent', 'skip'))).toContain('being undone');
    leave();
  });

  expect(calls).not.toContain('recordRepair');
});

test('a decision that could not be recorded, and an undo by hand that failed, leave the case open for another', async () => {
  let records = 0;
  let byHand = 0;
  const recordRepair = async () => {
    if ((records += 1) === 1) throw ApplicationFailure.nonRetryable('No.', 'TooLateToCancel');
  };
  const voidPayment: CheckoutActivities['voidPayment'] = async (why) => {
    if (why.byHand) byHand += 1;
    if (records < 3) await fail();
  };
  const resolve = on('payment-authorized', 'resolve');

  await waits({ reserveStock: refuse('OutOfStock'), voidPayment, recordRepair }, async (handle) => {
    expect(await decide(handle, resolve)).toBe('No.');
    expect(await decide(handle, resolve)).toBe('done');
    // The case is still held until the attempts are over.
    await eventually(async () =>
      (await decide(handle, on('payment-authorized', 'retry'))) === 'done' ? true : undefined,
    );
  });

  expect(records).toBe(3);
  expect(byHand).toBeGreaterThan(0);
});
