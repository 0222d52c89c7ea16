import { proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { ForwardActivities, UndoActivities } from '../src/contract/activities';
import type { AttentionActivities } from '../src/contract/repair';

/** Providers answer within eight seconds or the adapter gives up, so ten mean that the worker is gone. */
const ATTEMPT: ActivityOptions = { startToCloseTimeout: '10s' };

/** Up to the pivot a customer is waiting: give up on a step after two minutes and undo. */
const IMPATIENT: ActivityOptions = {
  ...ATTEMPT,
  scheduleToCloseTimeout: '2m',
  retry: { initialInterval: '500ms', maximumInterval: '10s' },
};

/** A provider that restarts is back by then; one that is not needs a person to look. */
const ATTENTION_BUDGET = '15m';

/** After the pivot the goods are being packed: a fault never cancels a good order. Past its budget an operator hears of it. */
const PATIENT: ActivityOptions = {
  ...ATTEMPT,
  scheduleToCloseTimeout: ATTENTION_BUDGET,
  retry: { initialInterval: '500ms', maximumInterval: '30s' },
};

/** Nobody is waiting and money may be held: keep trying until it works. Past its budget it is parked for an operator. */
const BACKWARD: ActivityOptions = {
  ...ATTEMPT,
  scheduleToCloseTimeout: ATTENTION_BUDGET,
  retry: { initialInterval: '500ms', maximumInterval: '1m' },
};

/** What only Postgres can refuse by being away: it comes back. */
const RECORDING: ActivityOptions = { ...ATTEMPT, retry: { initialInterval: '500ms', maximumInterval: '10s' } };

const act = <Name extends keyof ForwardActivities>(name: Name, summary: string, options: ActivityOptions) =>
  proxyActivities<ForwardActivities>({ ...options, summary })[name];

const undo = <Name extends keyof UndoActivities>(name: Name, summary: string) =>
  proxyActivities<UndoActivities>({ ...BACKWARD, summary })[name];

/** The steps, with the sentence the Web UI shows beside each. */
export const forward: ForwardActivities = {
  createOrder: act('createOrder', '1/7 price the cart and create the order', IMPATIENT),
  authorizePayment: act('authorizePayment', '2/7 hold the money', IMPATIENT),
  reserveStock: act('reserveStock', '3/7 set the goods aside', IMPATIENT),
  triggerFulfillment: act('triggerFulfillment', '4/7 have the warehouse pack (pivot)', IMPATIENT),
  sendNotification: act('sendNotification', '5/7 tell the customer', PATIENT),
  awardLoyalty: act('awardLoyalty', '6/7 award the points', PATIENT),
  generateLabel: act('generateLabel', '7/7 have the label made', PATIENT),
};

export const backward: UndoActivities = {
  cancelOrder: undo('cancelOrder', 'undo 1/7: cancel the order'),
  voidPayment: undo('voidPayment', 'undo 2/7: free the money'),
  releaseStock: undo('releaseStock', 'undo 3/7: put the goods back'),
  cancelFulfillment: undo('cancelFulfillment', 'undo 4/7: call the warehouse off'),
  sendCancellation: undo('sendCancellation', 'undo 5/7: tell the customer that it is off'),
  revokeLoyalty: undo('revokeLoyalty', 'undo 6/7: take the points back'),
  voidLabel: undo('voidLabel', 'undo 7/7: void the label'),
};

export const { raiseAttention, recordRepair } = proxyActivities<AttentionActivities>({
  ...RECORDING,
  summary: 'tell the operators, and keep what they did',
});
