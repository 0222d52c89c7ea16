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

const PLAIN: Omit<CheckoutActivities, 'giveUpStep'> = {
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
  const answers = new Map<string, object>();
  // As Postgres does: what was answered, has happened.
  const giveUpStep: CheckoutActivities['giveUpStep'] = async ({ step }) => answers.get(step) ?? null;
  const behaviour: CheckoutActivities = { ...PLAIN, giveUpStep, ...overrides };
  const activities = Object.fromEntries(
    Object.entries(behaviour).map(([name, act]) => [
      name,
      async (argument: never) => {
        calls.push(name);
        const answer = await (act as (argument: never) => Promise<object | null>)(argument);
        const step = STEP_TABLE.find(([, forward]) => forward === name);
        if (step && answer) answers.set(step[0], answer);
        return answer;
      },
    ]),
  ) as unknown as CheckoutActivities;
  return { activities, calls };
}
