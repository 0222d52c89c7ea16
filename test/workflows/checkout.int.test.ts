import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { CHECKOUT_PROGRESS } from '../../src/contract/checkout';
import type { CheckoutProgress } from '../../src/contract/checkout';
import type { Refusal } from '../../src/domain/refusals';
import { recordingActivities, STEP_TABLE } from '../support/recording-activities';
import { sagaTest } from '../support/lost-workflow';
import { LANES, SagaHarness } from '../support/saga-harness';

const FORWARD = STEP_TABLE.map(({ act }) => act);
const upTo = (at: number) => FORWARD.slice(0, at + 1);
/** The undos of the first steps, newest first. */
const undosFrom = (at: number) =>
  STEP_TABLE.slice(0, at + 1)
    .map(({ undo }) => undo)
    .reverse();
const PIVOT = FORWARD.indexOf('triggerFulfillment');
const refusal = (type: Refusal) => ApplicationFailure.nonRetryable('no', type);

/** How the workflow ended, as a type string. */
async function endOf(run: Promise<unknown>): Promise<string | null | undefined> {
  const failure: unknown = await run.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof WorkflowFailedError) return error.cause;
      throw error;
    },
  );
  if (failure instanceof ApplicationFailure) return failure.type;
  return failure instanceof CancelledFailure ? 'Cancelled' : String(failure);
}

/** Repeated calls of one activity as one; other tests check how often a step is tried. */
const withoutRepeats = (calls: readonly string[]) => calls.filter((name, index) => name !== calls[index - 1]);

describe.each(LANES)('%s lane', (lane) => {
  let harness: SagaHarness;
  beforeAll(async () => {
    harness = await SagaHarness.start(lane);
  });
  afterAll(() => harness.stop());
  /** What the fast lane asks before a fault or a cancel turns an order back. */
  const askedFirst = lane === 'fast' ? ['giveUpStep'] : [];

  sagaTest('runs the seven steps in order, and returns the receipt', async () => {
    const { activities, calls } = recordingActivities();

    const receipt = await harness.run(activities);

    expect(calls).toEqual(FORWARD);
    expect(receipt).toMatchObject({ total: { minor: 3000 }, authorizationId: 'auth_1', trackingNumber: 'SB1' });
  });

  describe.each(STEP_TABLE.map((row, at) => ({ ...row, at })))('$step', ({ act, at }) => {
    sagaTest('refused, runs its own undo and the older ones, newest first', async () => {
      const { activities, calls } = recordingActivities({ [act]: async () => Promise.reject(refusal('OutOfStock')) });

      const end = await endOf(harness.run(activities));

      expect(end).toBe('OutOfStock');
      expect(calls).toEqual([...upTo(at), ...undosFrom(at)]);
    });

    sagaTest('timed out for good after it acted, is undone up to the pivot, and retried after it', async () => {
      let attempts = 0;
      const { activities, calls } = recordingActivities({
        [act]: async () => {
          attempts += 1;
          // Twenty minutes of faults: far more than the two minutes that a step up to the pivot has.
          if (at <= PIVOT || attempts < 60) throw new Error('acted, and the answer was lost');
          return { trackingNumber: 'SB1' };
        },
      });

      const end = await endOf(harness.run(activities));

      if (at <= PIVOT) {
        expect(end).toBe('StepUnavailable');
        expect(withoutRepeats(calls)).toEqual([...upTo(at), ...askedFirst, ...undosFrom(at)]);
      } else {
        expect(end).toBe('undefined');
        expect(calls.filter((name) => name === act)).toHaveLength(60);
      }
    });
  });

  sagaTest('retries an undo that fails until it works, while the older ones wait', async () => {
    let attempts = 0;
    const { activities, calls } = recordingActivities({
      reserveStock: async () => Promise.reject(refusal('OutOfStock')),
      voidPayment: async () => {
        attempts += 1;
        if (attempts < 20) throw new Error('the processor is away');
      },
    });

    const end = await endOf(harness.run(activities));

    expect(end).toBe('OutOfStock');
    expect(calls.filter((name) => name === 'voidPayment')).toHaveLength(20);
    expect(calls.at(-1)).toBe('cancelOrder');
  });

  sagaTest('a cancel in the middle undoes what was attempted, including the running step', async () => {
    let reached = () => undefined as void;
    const inWarehouse = new Promise<void>((resolve) => (reached = resolve));
    let answer = () => undefined as void;
    const tooLate = new Promise<void>((resolve) => (answer = resolve));
    const { activities, calls } = recordingActivities({
      triggerFulfillment: async () => {
        reached();
        // The saga gives up the attempt when the cancel arrives, and has ended when the answer comes.
        await tooLate;
        return { fulfillmentId: 'ful_1' };
      },
    });

    const end = await endOf(
      harness.run(activities, async (handle) => {
        await inWarehouse;
        await handle.cancel();
        await endOf(handle.result());
        answer();
      }),
    );

    expect(end).toBe('Cancelled');
    expect(withoutRepeats(calls)).toEqual([...upTo(PIVOT), ...askedFirst, ...undosFrom(PIVOT)]);
  });

  sagaTest('a cancel while the label is generated comes too late', async () => {
    let reached = () => undefined as void;
    const atCarrier = new Promise<void>((resolve) => (reached = resolve));
    let answer = () => undefined as void;
    const cancelled = new Promise<void>((resolve) => (answer = resolve));
    const { activities, calls } = recordingActivities({
      generateLabel: async () => {
        reached();
        await cancelled;
        return { labelId: 'lab_1', trackingNumber: 'SB1' };
      },
    });

    const receipt = await harness.run(activities, async (handle) => {
      await atCarrier;
      await handle.cancel();
      answer();
    });

    expect(receipt.trackingNumber).toBe('SB1');
    // In the fast lane none of this is in the history yet, and is called again when the cancel comes in between.
    expect(lane === 'fast' ? [...new Set(calls)].filter((name) => name !== 'giveUpStep') : calls).toEqual(FORWARD);
  });

  sagaTest('the progress query shows the rail, even after the end', async () => {
    const { activities } = recordingActivities({ reserveStock: async () => Promise.reject(refusal('OutOfStock')) });
    let progress: CheckoutProgress | undefined;

    await endOf(
      harness.run(activities, async (handle) => {
        await endOf(handle.result());
        progress = await handle.query<CheckoutProgress>(CHECKOUT_PROGRESS);
      }),
    );

    expect(progress?.refusal).toBe('OutOfStock');
    expect(Object.values(progress?.steps ?? {})).toEqual([
      'undone',
      'undone',
      'undone',
      'pending',
      'pending',
      'pending',
      'pending',
    ]);
  });
});
