import type { CheckoutActivities } from '../../src/contract/activities';
import type { Step } from '../../src/domain/steps';

/** The seven steps in order: the recorded name, the activity that does the step, and the one that undoes it. */
export const STEP_TABLE = [
  { step: 'order-created', act: 'createOrder', undo: 'cancelOrder' },
  { step: 'payment-authorized', act: 'authorizePayment', undo: 'voidPayment' },
  { step: 'stock-reserved', act: 'reserveStock', undo: 'releaseStock' },
  { step: 'fulfillment-triggered', act: 'triggerFulfillment', undo: 'cancelFulfillment' },
  { step: 'notification-sent', act: 'sendNotification', undo: 'sendCancellation' },
  { step: 'loyalty-awarded', act: 'awardLoyalty', undo: 'revokeLoyalty' },
  { step: 'label-generated', act: 'generateLabel', undo: 'voidLabel' },
] as const satisfies readonly { step: Step; act: keyof CheckoutActivities; undo: keyof CheckoutActivities }[];

const PLAIN: Omit<CheckoutActivities, 'giveUpStep'> = {
  createOrder: async () => ({ total: { minor: 3000, currency: 'USD' } }),
  authorizePayment: async () => ({ authorizationId: 'auth_1' }),
  awaitPayment: async () => ({ authorizationId: 'auth_1' }),
  reserveStock: async () => ({ units: 2 }),
  triggerFulfillment: async () => ({ fulfillmentId: 'ful_1' }),
  sendNotification: async () => ({ messageId: 'msg_1' }),
  awardLoyalty: async () => ({ points: 30 }),
  generateLabel: async () => ({ labelId: 'lab_1', trackingNumber: 'SB1' }),
  cancelOrder: async () => undefined,
  voidPayment: async () => undefined,
  releaseStock: async () => undefined,
  cancelFulfillment: async () => undefined,
  sendCancellation: async () => undefined,
  revokeLoyalty: async () => undefined,
  voidLabel: async () => undefined,
  raiseAttention: async () => undefined,
  recordRepair: async () => undefined,
};

/** Activities that record their names and do nothing else, except for `overrides`. */
export function recordingActivities(overrides: Partial<CheckoutActivities> = {}) {
  const calls: string[] = [];
  const answers = new Map<string, object>();
  // Like Postgres: a step that has answered has happened, unless its answer is that it has not yet.
  const giveUpStep: CheckoutActivities['giveUpStep'] = async ({ step }) => answers.get(step) ?? null;
  const behaviour: CheckoutActivities = { ...PLAIN, giveUpStep, ...overrides };
  const activities = Object.fromEntries(
    Object.entries(behaviour).map(([name, act]) => [
      name,
      async (argument: never) => {
        calls.push(name);
        const answer = await (act as (argument: never) => Promise<object | null>)(argument);
        const row = STEP_TABLE.find(({ act: stepActivity }) => stepActivity === name);
        if (row && answer && !('waitsFor' in answer)) answers.set(row.step, answer);
        return answer;
      },
    ]),
  ) as unknown as CheckoutActivities;
  return { activities, calls };
}
