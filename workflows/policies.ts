import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import type { ForwardActivities, GivingUpActivities, UndoActivities } from '../src/contract/activities';
import type { CheckoutOrder } from '../src/contract/checkout';
import type { AttentionActivities } from '../src/contract/repair';
import type { Step } from '../src/domain/steps';
import { inFastLane } from './fast-lane';

/** Providers answer within eight seconds or the adapter gives up, so ten mean that the worker is gone. */
const ATTEMPT: ActivityOptions = { startToCloseTimeout: '10s' };

/** Up to the pivot a customer is waiting: give up on a step after two minutes and undo. */
const PATIENCE_MS = 120_000;
const IMPATIENT: ActivityOptions = { ...ATTEMPT, retry: { initialInterval: '500ms', maximumInterval: '10s' } };

/**
 * What a local activity may take, its wait for a place included. A provider that is well takes a tenth of it; one that is slow must not
 * hold the workflow task, which Temporal has prolonged after eight seconds, and belongs where people see it.
 */
const FIRST_ATTEMPT_MS = 2_000;
const FIRST: LocalActivityOptions = { scheduleToCloseTimeout: FIRST_ATTEMPT_MS, retry: { maximumAttempts: 1 } };

/**
 * Where nobody gives up. A minute after everything is well again every checkout has ended (P3): an attempt that a dead worker had may take
 * ten seconds until it counts as failed, and then this long until the next, which must leave room for the steps behind it.
 */
const LONGEST_PAUSE = '20s';

/** A provider that restarts is back by then; one that is not needs a person to look. */
const ATTENTION_AFTER = '15m';

/**
 * After the pivot the goods are being packed: a fault never cancels a good order. Past its budget an operator hears of it, and from then on
 * one activity is retried without end: that adds nothing to the history, which Temporal allows to be only so long.
 */
const PATIENT: ActivityOptions = { ...ATTEMPT, retry: { initialInterval: '500ms', maximumInterval: LONGEST_PAUSE } };

/** Nobody is waiting and money may be held: keep trying until it works. Past its budget it is parked for an operator. */
const BACKWARD: ActivityOptions = { ...ATTEMPT, retry: { initialInterval: '500ms', maximumInterval: LONGEST_PAUSE } };

/** What only Postgres can refuse by being away: it comes back. */
const RECORDING: ActivityOptions = { ...ATTEMPT, retry: { initialInterval: '500ms', maximumInterval: '10s' } };

const undo = <Name extends keyof UndoActivities>(name: Name, summary: string, options: ActivityOptions) =>
  proxyActivities<UndoActivities>({ ...options, summary })[name];

/** The steps and their undos, with the sentence the Web UI shows beside each. `isKnown` tells which steps operators have heard of. */
export function activitiesOf(
  { attentionAfter = ATTENTION_AFTER, fastLane = false }: CheckoutOrder,
  isKnown: (step: Step) => boolean,
) {
  const lane = fastLane ? inFastLane() : undefined;
  const act = <Name extends keyof ForwardActivities>(name: Name, summary: string, options: () => ActivityOptions) => {
    const regular = ((order) => {
      const proxies: ForwardActivities = proxyActivities<ForwardActivities>({ ...options(), summary });
      return proxies[name](order);
    }) as ForwardActivities[Name];
    const first: ForwardActivities = proxyLocalActivities<ForwardActivities>({ ...FIRST, summary });
    return lane ? lane(first[name], regular) : regular;
  };
  const impatient = () => ({ ...IMPATIENT, scheduleToCloseTimeout: PATIENCE_MS - (fastLane ? FIRST_ATTEMPT_MS : 0) });
  const patient = (step: Step) => () =>
    isKnown(step) ? PATIENT : ({ ...PATIENT, scheduleToCloseTimeout: attentionAfter } as ActivityOptions);
  const backward = { ...BACKWARD, scheduleToCloseTimeout: attentionAfter } as ActivityOptions;
  const forward: ForwardActivities = {
    createOrder: act('createOrder', '1/7 price the cart and create the order', impatient),
    authorizePayment: act('authorizePayment', '2/7 hold the money', impatient),
    reserveStock: act('reserveStock', '3/7 set the goods aside', impatient),
    triggerFulfillment: act('triggerFulfillment', '4/7 have the warehouse pack (pivot)', impatient),
    sendNotification: act('sendNotification', '5/7 tell the customer', patient('notification-sent')),
    awardLoyalty: act('awardLoyalty', '6/7 award the points', patient('loyalty-awarded')),
    generateLabel: act('generateLabel', '7/7 have the label made', patient('label-generated')),
  };
  const undos: UndoActivities = {
    cancelOrder: undo('cancelOrder', 'undo 1/7: cancel the order', backward),
    voidPayment: undo('voidPayment', 'undo 2/7: free the money', backward),
    releaseStock: undo('releaseStock', 'undo 3/7: put the goods back', backward),
    cancelFulfillment: undo('cancelFulfillment', 'undo 4/7: call the warehouse off', backward),
    sendCancellation: undo('sendCancellation', 'undo 5/7: tell the customer that it is off', backward),
    revokeLoyalty: undo('revokeLoyalty', 'undo 6/7: take the points back', backward),
    voidLabel: undo('voidLabel', 'undo 7/7: void the label', backward),
  };
  return { act: forward, undo: undos };
}

export const { raiseAttention, recordRepair } = proxyActivities<AttentionActivities>({
  ...RECORDING,
  summary: 'tell the operators, and keep what they did',
});

export const { giveUpStep } = proxyActivities<GivingUpActivities>({
  ...RECORDING,
  summary: 'give the step up, unless it has happened',
});
