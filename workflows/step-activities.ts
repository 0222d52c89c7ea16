import type { ForwardActivities, UndoActivities } from '../src/contract/activities';
import { STEPS } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';

interface StepActivities {
  readonly act: readonly [name: keyof ForwardActivities, words: string];
  readonly undo: readonly [name: keyof UndoActivities, words: string];
}

/** What each step calls, and the words for it in the Web UI. */
export const STEP_ACTIVITIES: Readonly<Record<Step, StepActivities>> = {
  'order-created': {
    act: ['createOrder', 'price the cart and create the order'],
    undo: ['cancelOrder', 'cancel the order'],
  },
  'payment-authorized': {
    act: ['authorizePayment', 'hold the money'],
    undo: ['voidPayment', 'free the money'],
  },
  'stock-reserved': {
    act: ['reserveStock', 'set the goods aside'],
    undo: ['releaseStock', 'put the goods back'],
  },
  'fulfillment-triggered': {
    act: ['triggerFulfillment', 'have the warehouse pack (pivot)'],
    undo: ['cancelFulfillment', 'call the warehouse off'],
  },
  'notification-sent': {
    act: ['sendNotification', 'tell the customer'],
    undo: ['sendCancellation', 'tell the customer that it is off'],
  },
  'loyalty-awarded': {
    act: ['awardLoyalty', 'award the points'],
    undo: ['revokeLoyalty', 'take the points back'],
  },
  'label-generated': {
    act: ['generateLabel', 'have the label made'],
    undo: ['voidLabel', 'void the label'],
  },
};

const numberOf = (step: Step): string => `${STEPS.indexOf(step) + 1}/${STEPS.length}`;

export const summaryOf = (step: Step): string => `${numberOf(step)} ${STEP_ACTIVITIES[step].act[1]}`;

export const undoSummaryOf = (step: Step): string => `undo ${numberOf(step)}: ${STEP_ACTIVITIES[step].undo[1]}`;
