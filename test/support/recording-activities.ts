import type { CheckoutActivities } from '../../src/contract/activities';

/** The seven steps and their undos in the order of the step table: activity, undo, recorded step name. */
export const STEP_TABLE = [
  ['order-created', 'createOrder', 'cancelOrder'],
  ['payment-authorized', 'authorizePayment', 'voidPayment'],
  ['stock-reserved', 'reserveStock', 'releaseStock'],
  ['fulfillment-triggered', 'triggerFulfillment', 'cancelFulfillment'],
  ['notification-sent', 'sendNotification', 'sendCancellation'],
  ['loyalty-awarded', 'awardLoyalty', 'revokeLoyalty'],
  ['label-generated', 'generateLabel', 'voidLabel'],
] as const satisfies readonly (readonly [string, keyof CheckoutActivities, keyof CheckoutActivities])[];

const PLAIN: CheckoutActivities = {
  createOrder: async () => ({ total: { minor: 3000, currency: 'USD' } }),
  authorizePayment: async () => ({ authorizationId: 'auth_1' }),
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

/** Activities that write down their names and do nothing else, apart from those given. */
export function recordingActivities(overrides: Partial<CheckoutActivities> = {}) {
  const calls: string[] = [];
  const behaviour: CheckoutActivities = { ...PLAIN, ...overrides };
  const activities = Object.fromEntries(
    Object.entries(behaviour).map(([name, act]) => [
      name,
      (argument: never) => {
        calls.push(name);
        return (act as (argument: never) => unknown)(argument);
      },
    ]),
  ) as unknown as CheckoutActivities;
  return { activities, calls };
}
