import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { CheckoutActivities } from '../../src/contract/activities';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import type { OrderKey } from '../../src/contract/checkout';
import { REPAIR } from '../../src/contract/repair';
import type { Repair } from '../../src/contract/repair';
import { CHECKOUT_STATE } from '../../src/contract/search-attributes';
import { meeting } from '../tools/replay/meeting';
import { anOrder } from '../support/builders';
import { accepted, checkoutWorld, eventsOf, stateOf, stepsBefore } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { loneWorker } from '../support/lone-worker';
import type { LoneWorker } from '../support/lone-worker';
import { recordingActivities, STEP_TABLE } from '../support/recording-activities';
import { LANES } from '../support/saga-harness';

/* Orders that wait for operators after the pivot, on the real server. It does not skip time, so operators are called after a second. */
const ATTENTION_AFTER = '1s';
const UNDOS = STEP_TABLE.map(({ undo }) => undo as string);

let world: CheckoutWorld;
let temporal: LoneWorker;
beforeAll(async () => {
  [world, temporal] = await Promise.all([checkoutWorld(), loneWorker()]);
});
afterAll(async () => {
  await temporal.close();
  await world.close();
});
beforeEach(() => world.sandbox.faults([]));

const fail = async () => Promise.reject(new Error('The provider is away.'));
const repair = (handle: WorkflowHandle, act: Pick<Repair, 'step' | 'action'>) => {
  const audit: Repair = { ...act, id: randomUUID(), reason: 'as the provider said', operator: 'key-1' };
  return handle.executeUpdate<void, [Repair]>(REPAIR, { updateId: audit.id, args: [audit] });
};
const needsAttention = (handle: WorkflowHandle) =>
  eventually(async () => {
    const { typedSearchAttributes } = await handle.describe();
    return typedSearchAttributes.get(CHECKOUT_STATE) === 'needs-attention' ? true : undefined;
  });
const eventsOfRun = async (handle: WorkflowHandle) => (await handle.fetchHistory()).events ?? [];

describe.each(LANES)('%s lane', (lane) => {
  /** Runs an order to its end, and does `then` when it waits for operators. */
  const waits = (
    activities: CheckoutActivities,
    order: OrderKey,
    then: (handle: WorkflowHandle) => Promise<unknown> = async () => undefined,
  ) => {
    const input = { ...order, attentionAfter: ATTENTION_AFTER, ...(lane === 'fast' && { fastLane: true }) };
    return temporal.run(activities, CHECKOUT_WORKFLOW, input, then);
  };

  test("an attempt between a skip's commit and its decision undoes nothing, and the order completes", async () => {
    const { activities, db, sandbox } = world;
    const order = await accepted(db);
    await sandbox.faults([{ provider: 'mail', operation: 'send', kind: 'fail-before', key: order.checkoutId }]);
    const { arrive, met, leave } = meeting();
    let isSkipped = false;
    const between: Partial<CheckoutActivities> = {
      recordRepair: async (act) => {
        await activities.recordRepair(act);
        isSkipped = true;
        await arrive();
      },
      sendNotification: async (key) => {
        const answer = await activities.sendNotification(key);
        if (isSkipped) leave();
        return answer;
      },
    };

    await waits({ ...activities, ...between }, order, async (handle) => {
      await needsAttention(handle);
      await Promise.all([repair(handle, { step: 'notification-sent', action: 'skip' }), met]);
    });

    expect((await stateOf(db, order)).steps).toEqual(['done', 'done', 'done', 'done', 'skipped', 'done', 'done']);
    expect((await eventsOf(db, order)).at(-1)).toBe('checkout.completed');
  });

  test('a step that finds itself undone while its case is open waits for the decision', async () => {
    const { arrive, met, leave } = meeting();
    let isDecided = false;
    const { activities, calls } = recordingActivities({
      awardLoyalty: async () => {
        if (!isDecided) return fail();
        leave();
        throw ApplicationFailure.nonRetryable('undone', 'AlreadyUndone');
      },
      recordRepair: async () => {
        isDecided = true;
        await arrive();
      },
    });

    await waits(activities, anOrder(), async (handle) => {
      await needsAttention(handle);
      await Promise.all([repair(handle, { step: 'loyalty-awarded', action: 'skip' }), met]);
    });

    expect(calls.at(-1)).toBe('generateLabel');
    expect(calls.filter((name) => UNDOS.includes(name))).toEqual([]);
  });

  test('a step that was skipped in an earlier run is skipped in this run', async () => {
    const { activities, db } = world;
    const order = await accepted(db);
    await stepsBefore(activities, order, 4);
    const skip = { id: order.checkoutId, step: 'notification-sent', kind: 'step', action: 'skip' } as const;
    await activities.recordRepair({ ...order, ...skip, reason: 'told them by phone', operator: 'key-1' });

    await waits(activities, order);

    expect(await stateOf(db, order)).toMatchObject({
      state: 'completed',
      steps: ['done', 'done', 'done', 'done', 'skipped', 'done', 'done'],
    });
  });

  test('waiting adds nothing to the history, however often the step is retried', async () => {
    let attempts = 0;
    let isBack = false;
    const { activities } = recordingActivities({
      generateLabel: async () => {
        attempts += 1;
        return isBack ? { labelId: 'lab_1', trackingNumber: 'SB1' } : fail();
      },
    });
    const lengths: number[] = [];

    await waits(activities, anOrder(), async (handle) => {
      await needsAttention(handle);
      // The first attempt after operators were called has its events; later ones have none.
      for (const more of [1, 3]) {
        const enough = attempts + more;
        await eventually(() => (attempts >= enough ? true : undefined));
        lengths.push((await eventsOfRun(handle)).length);
      }
      isBack = true;
    });

    expect(lengths[1]).toBe(lengths[0]);
  });

  test("an operator's retry does not wait for the attempt that is under way", async () => {
    const { arrive, met, leave } = meeting();
    let isKnown = false;
    let isAsked = false;
    const { activities } = recordingActivities({
      awardLoyalty: async () => {
        if (isAsked) return { points: 30 };
        if (isKnown) await arrive();
        return fail();
      },
      raiseAttention: async () => void (isKnown = true),
      recordRepair: async () => void (isAsked = true),
    });

    await waits(activities, anOrder(), async (handle) => {
      await needsAttention(handle);
      await met;
      await repair(handle, { step: 'loyalty-awarded', action: 'retry' });
      const label = 'generateLabel';
      await eventually(async () => {
        const events = await eventsOfRun(handle);
        const names = events.map(
          ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name,
        );
        return names.includes(label) ? true : undefined;
      });
      leave();
    });
  });
});
