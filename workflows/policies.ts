import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import type {
  AwaitingActivities,
  ForwardActivities,
  GivingUpActivities,
  UndoActivities,
} from '../src/contract/activities';
import type { CheckoutOrder, OrderKey } from '../src/contract/checkout';
import type { AttentionActivities } from '../src/contract/repair';
import { isAfterPivot, STEPS } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';
import { inFastLane } from './fast-lane';
import { STEP_ACTIVITIES, summaryOf, undoSummaryOf } from './step-activities';

/** A provider answers within eight seconds or its adapter gives up, so ten seconds mean that the worker is gone. */
const ATTEMPT: ActivityOptions = { startToCloseTimeout: '10s' };

/** Up to the pivot a customer is waiting: give up on a step after two minutes and undo. */
const PATIENCE_MS = 120_000;
const IMPATIENT: ActivityOptions = { ...ATTEMPT, retry: { initialInterval: '500ms', maximumInterval: '10s' } };

/**
 * How long a local activity may take, including its wait for a slot. A healthy provider needs a tenth of it. A slow one must not hold up
 * the workflow task, which Temporal extends after eight seconds: its step belongs outside the task, where people can see it.
 */
const FIRST_ATTEMPT_MS = 2_000;
const FIRST: LocalActivityOptions = { scheduleToCloseTimeout: FIRST_ATTEMPT_MS, retry: { maximumAttempts: 1 } };

/**
 * For steps that nobody gives up on. Every checkout must end within a minute of a recovery (P3): a dead worker's attempt may take ten
 * seconds to time out, then this long passes until the next attempt, and the remaining steps need time too.
 */
const LONGEST_PAUSE = '20s';

/** A provider that restarts is back by then; one that is not needs a person to look. */
const ATTENTION_AFTER = '15m';

/**
 * After the pivot the goods are being packed: a fault never cancels a good order. Once the budget is spent, operators are told, and from
 * then on one activity is retried without end. That adds nothing to the history, whose length Temporal limits.
 */
const PATIENT: ActivityOptions = { ...ATTEMPT, retry: { initialInterval: '500ms', maximumInterval: LONGEST_PAUSE } };

/** Nobody is waiting and money may be held: keep trying until it works. Once the budget is spent, the undo is parked for an operator. */
const BACKWARD: ActivityOptions = { ...ATTEMPT, retry: { initialInterval: '500ms', maximumInterval: LONGEST_PAUSE } };

/** Only needs Postgres, which comes back. */
const RECORDING: ActivityOptions = { ...ATTEMPT, retry: { initialInterval: '500ms', maximumInterval: '10s' } };

/** The activities of the steps and their undos. `isKnown` says which steps the operators have been told about. */
export function activitiesOf(
  { attentionAfter = ATTENTION_AFTER, fastLane = false }: CheckoutOrder,
  isKnown: (step: Step) => boolean,
) {
  const lane = fastLane ? inFastLane() : undefined;
  const impatient = { ...IMPATIENT, scheduleToCloseTimeout: PATIENCE_MS - (fastLane ? FIRST_ATTEMPT_MS : 0) };
  const patient = { ...PATIENT, scheduleToCloseTimeout: attentionAfter } as ActivityOptions;
  const backward = { ...BACKWARD, scheduleToCloseTimeout: attentionAfter } as ActivityOptions;

  const optionsOf = (step: Step): ActivityOptions => {
    if (!isAfterPivot(step)) return impatient;
    return isKnown(step) ? PATIENT : patient;
  };
  const act = (step: Step) => {
    const [name] = STEP_ACTIVITIES[step].act;
    const summary = summaryOf(step);
    const regular = (order: OrderKey): Promise<object | null> =>
      proxyActivities<ForwardActivities>({ ...optionsOf(step), summary })[name](order);
    return lane ? lane(proxyLocalActivities<ForwardActivities>({ ...FIRST, summary })[name], regular) : regular;
  };
  const undo = (step: Step) =>
    proxyActivities<UndoActivities>({ ...backward, summary: undoSummaryOf(step) })[STEP_ACTIVITIES[step].undo[0]];

  return {
    act: Object.fromEntries(
      STEPS.map((step) => [STEP_ACTIVITIES[step].act[0], act(step)]),
    ) as unknown as ForwardActivities,
    undo: Object.fromEntries(
      STEPS.map((step) => [STEP_ACTIVITIES[step].undo[0], undo(step)]),
    ) as unknown as UndoActivities,
  };
}

export const { raiseAttention, recordRepair } = proxyActivities<AttentionActivities>({
  ...RECORDING,
  summary: 'tell the operators, and keep what they did',
});

/**
 * Names its own pauses and its own end. The policy is for an attempt that was lost with its worker, or whose processor was away: perhaps the
 * one at the deadline.
 */
export const { awaitPayment } = proxyActivities<AwaitingActivities>({
  ...ATTEMPT,
  retry: { initialInterval: '5s', maximumInterval: LONGEST_PAUSE },
  summary: 'ask until the payment is decided',
});

export const { giveUpStep } = proxyActivities<GivingUpActivities>({
  ...RECORDING,
  summary: 'give the step up, unless it has happened',
});
