import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { CheckoutActivities } from '../../../src/contract/activities';
import { REPAIR } from '../../../src/contract/repair';
import type { Repair } from '../../../src/contract/repair';
import { CHECKOUT_STATE } from '../../../src/contract/search-attributes';
import { eventually } from '../../support/eventually';
import { fail, failing, refuse } from './scenario';
import type { Scenario } from './scenario';

/** Longer than two budgets in a row before operators are called. */
const PAST_EVERY_BUDGET = '40m';

type Act = Pick<Repair, 'step' | 'action'>;

export async function needsAttention(handle: WorkflowHandle, env: TestWorkflowEnvironment): Promise<void> {
  await env.sleep(PAST_EVERY_BUDGET);
  await eventually(async () => {
    const { typedSearchAttributes } = await handle.describe();
    return typedSearchAttributes.get(CHECKOUT_STATE) === 'needs-attention' ? true : undefined;
  });
}

const repair = (handle: WorkflowHandle, act: Act): Promise<void> =>
  handle.executeUpdate<void, [Repair]>(REPAIR, {
    updateId: `repair-${act.step}`,
    args: [{ ...act, id: `repair-${act.step}`, reason: 'as the provider said', operator: 'key-1' }],
  });

/** Once past its budget, one thing after another needs attention; each is then settled with its action. */
const repaired = (
  { name, ends }: Pick<Scenario, 'name' | 'ends'>,
  activities: (settled: () => boolean) => Partial<CheckoutActivities>,
  acts: readonly Act[],
): Scenario => ({
  name,
  ends,
  server: 'time-skipping',
  play: () => {
    let settled = false;
    return {
      activities: activities(() => settled),
      during: async (handle, env) => {
        await needsAttention(handle, env);
        settled = true;
        for (const act of acts) await repair(handle, act);
      },
    };
  },
});

/** An undo that works only once an operator acts. */
const unsettled = (settled: () => boolean) => async () => (settled() ? undefined : fail());

/** What needs an operator: parked undos, and stuck steps after the pivot. */
export const ATTENTION_SCENARIOS: readonly Scenario[] = [
  repaired(
    { name: 'parked-undo-retried', ends: 'UndeliverableAddress' },
    (settled) => ({ generateLabel: refuse('UndeliverableAddress'), cancelFulfillment: unsettled(settled) }),
    [{ step: 'fulfillment-triggered', action: 'retry' }],
  ),
  repaired(
    { name: 'parked-undo-resolved', ends: 'OutOfStock' },
    (settled) => ({ reserveStock: refuse('OutOfStock'), voidPayment: unsettled(settled) }),
    [{ step: 'payment-authorized', action: 'resolve' }],
  ),
  repaired(
    { name: 'parked-undo-skipped', ends: 'UndeliverableAddress' },
    (settled) => ({ generateLabel: refuse('UndeliverableAddress'), revokeLoyalty: unsettled(settled) }),
    [{ step: 'loyalty-awarded', action: 'skip' }],
  ),
  repaired(
    { name: 'parked-undos-two', ends: 'OutOfStock' },
    (settled) => ({
      reserveStock: refuse('OutOfStock'),
      releaseStock: unsettled(settled),
      voidPayment: unsettled(settled),
    }),
    [
      { step: 'payment-authorized', action: 'resolve' },
      { step: 'stock-reserved', action: 'retry' },
    ],
  ),
  {
    name: 'stuck-step-well-by-itself',
    ends: 'completed',
    server: 'time-skipping',
    play: () => ({ activities: { sendNotification: failing(60, { messageId: 'msg_1' }) } }),
  },
  repaired(
    { name: 'stuck-step-retried', ends: 'completed' },
    (settled) => ({ awardLoyalty: async () => (settled() ? { points: 30 } : fail()) }),
    [{ step: 'loyalty-awarded', action: 'retry' }],
  ),
  repaired({ name: 'stuck-step-skipped', ends: 'completed' }, () => ({ sendNotification: fail }), [
    { step: 'notification-sent', action: 'skip' },
  ]),
  repaired({ name: 'stuck-step-given-up', ends: 'Cancelled' }, () => ({ generateLabel: fail }), [
    { step: 'label-generated', action: 'cancel' },
  ]),
];
