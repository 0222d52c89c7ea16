import type { WorkflowHandle } from '@temporalio/client';
import type { Refusal } from '../../../src/domain/refusals';
import { PIVOT, STEPS } from '../../../src/domain/steps';
import type { Step } from '../../../src/domain/steps';
import { setTimeout as rest } from 'node:timers/promises';
import { loseTask } from '../../support/lose-task';
import { STEP_TABLE } from '../../support/recording-activities';
import { ATTENTION_SCENARIOS } from './attention-scenarios';
import { meeting } from './meeting';
import { PAYMENT_SCENARIOS } from './payment-scenarios';
import { RECORDER } from './recording-servers';
import { RESUMED_SCENARIOS } from './resumed-scenarios';
import { fail, failing, refuse } from './scenario';
import type { Scenario } from './scenario';

const REFUSALS: Record<Step, Refusal> = {
  'order-created': 'UnknownSku',
  'payment-authorized': 'PaymentDeclined',
  'stock-reserved': 'OutOfStock',
  'fulfillment-triggered': 'WarehouseRefused',
  // These two refuse nothing today. If they ever do, they are unwound like this.
  'notification-sent': 'StepUnavailable',
  'loyalty-awarded': 'StepUnavailable',
  'label-generated': 'UndeliverableAddress',
};

/** Longer than a one-second task waits before it sends a heartbeat, and shorter than a first attempt may take. */
const PROLONGED_AFTER_MS = 1_500;

const refused: readonly Scenario[] = STEP_TABLE.map(({ step, act }) => ({
  name: `refused-${step}`,
  ends: REFUSALS[step],
  play: () => ({ activities: { [act]: refuse(REFUSALS[step]) } }),
}));

const unavailable: readonly Scenario[] = STEP_TABLE.slice(0, STEPS.indexOf(PIVOT) + 1).map(({ step, act }) => ({
  name: `unavailable-${step}`,
  ends: 'StepUnavailable',
  server: 'time-skipping',
  play: () => ({ activities: { [act]: fail } }),
}));

/** Every way that a checkout can go. To add one, add it here and run `npm run replay:record`. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'completed', ends: 'completed', play: () => ({}) },
  ...refused,
  ...unavailable,
  {
    name: 'retried-behind-the-pivot',
    ends: 'completed',
    server: 'time-skipping',
    play: () => ({ activities: { sendNotification: failing(8, { messageId: 'msg_1' }) } }),
  },
  {
    name: 'undo-retried',
    ends: 'OutOfStock',
    server: 'time-skipping',
    play: () => ({ activities: { reserveStock: refuse('OutOfStock'), voidPayment: failing(5, undefined) } }),
  },
  {
    name: 'worker-crashed',
    ends: 'completed',
    server: 'time-skipping',
    play: () => {
      const { arrive, leave } = meeting();
      let attempts = 0;
      const authorizePayment = async () => {
        // The first attempt is never answered, which is all that Temporal sees of a worker that died.
        if ((attempts += 1) === 1) await arrive();
        return { authorizationId: 'auth_1' };
      };
      return { activities: { authorizePayment }, during: (handle) => handle.result().finally(leave) };
    },
  },
  {
    name: 'first-task-lost',
    ends: 'completed',
    taskTimeout: '1s',
    play: () => ({ activities: {}, before: ({ connection }, taskQueue) => loseTask(connection, taskQueue, RECORDER) }),
  },
  {
    // The task has no result yet when it sends its heartbeat, so the SDK replays it together with the next one, and sees a longer history.
    name: 'first-task-prolonged',
    ends: 'completed',
    taskTimeout: '1s',
    play: () => {
      const createOrder = async () => rest(PROLONGED_AFTER_MS, { total: { minor: 3000, currency: 'USD' } });
      return { activities: { createOrder } };
    },
  },
  {
    name: 'cancelled',
    ends: 'Cancelled',
    play: () => {
      const { arrive, met, leave } = meeting();
      const triggerFulfillment = async () => arrive().then(() => ({ fulfillmentId: 'ful_1' }));
      const during = async (handle: WorkflowHandle) => {
        await met;
        await handle.cancel();
        await handle.result().finally(leave);
      };
      return { activities: { triggerFulfillment }, during };
    },
  },
  {
    name: 'cancelled-too-late',
    ends: 'completed',
    play: () => {
      const { arrive, met, leave } = meeting();
      const generateLabel = async () => arrive().then(() => ({ labelId: 'lab_1', trackingNumber: 'SB1' }));
      const during = async (handle: WorkflowHandle) => {
        await met;
        await handle.cancel();
        leave();
      };
      return { activities: { generateLabel }, during };
    },
  },
  // A cancel is recorded in Postgres first, where the next step finds it even if Temporal never receives it.
  {
    name: 'cancelled-at-a-step',
    ends: 'Cancelled',
    play: () => ({ activities: { awardLoyalty: refuse('Cancelled') } }),
  },
  ...PAYMENT_SCENARIOS,
  ...ATTENTION_SCENARIOS,
  ...RESUMED_SCENARIOS,
];
