import type { WorkflowHandle } from '@temporalio/client';
import type { CheckoutActivities, Decider } from '../../../src/contract/activities';
import { PAYMENT_NEWS } from '../../../src/contract/checkout';
import { eventually } from '../../support/eventually';
import { undecidedFor } from '../../support/undecided-for';
import { refuse } from './scenario';
import type { Scenario } from './scenario';

type AwaitPayment = CheckoutActivities['awaitPayment'];

const HELD = { authorizationId: 'auth_1' };

/** Asked three times, and then decided. */
function atLast(decided: AwaitPayment): AwaitPayment {
  let asked = 0;
  return (wait) => ((asked += 1) <= 3 ? undecidedFor('1ms') : decided(wait));
}

/** Longer than any recording takes. */
const onlyWithNews: AwaitPayment = async ({ hasNews }) => (hasNews ? HELD : undecidedFor('1h'));

/** Resolves between two attempts. */
const isWaiting = (handle: WorkflowHandle): Promise<true> =>
  eventually(async () => {
    const { raw } = await handle.describe();
    return raw.pendingActivities?.some(
      ({ activityType, attempt }) => activityType?.name === 'awaitPayment' && attempt === 2,
    )
      ? true
      : undefined;
  });

const waiting = (
  { name, ends }: Pick<Scenario, 'name' | 'ends'>,
  waitsFor: Decider,
  awaitPayment: () => AwaitPayment,
  during?: (handle: WorkflowHandle) => Promise<unknown>,
): Scenario => ({
  name,
  ends,
  play: () => ({
    activities: { authorizePayment: async () => ({ waitsFor }), awaitPayment: awaitPayment() },
    ...(during && { during: (handle) => isWaiting(handle).then(() => during(handle)) }),
  }),
});

/** Payments that are undecided after their first answer. */
export const PAYMENT_SCENARIOS: readonly Scenario[] = [
  waiting({ name: 'payment-approved', ends: 'completed' }, 'customer', () => atLast(async () => HELD)),
  waiting({ name: 'payment-abandoned', ends: 'PaymentAbandoned' }, 'customer', () =>
    atLast(refuse('PaymentAbandoned')),
  ),
  waiting({ name: 'payment-declined-later', ends: 'PaymentDeclined' }, 'customer', () =>
    atLast(refuse('PaymentDeclined')),
  ),
  waiting({ name: 'payment-pending', ends: 'completed' }, 'provider', () => atLast(async () => HELD)),
  waiting({ name: 'payment-pending-for-too-long', ends: 'StepUnavailable' }, 'provider', () =>
    atLast(refuse('StepUnavailable')),
  ),
  waiting(
    { name: 'payment-approved-then-pending', ends: 'completed' },
    'customer',
    () =>
      async ({ waitsFor }) =>
        waitsFor === 'customer' ? { waitsFor: 'provider' } : HELD,
  ),
  waiting(
    { name: 'payment-news', ends: 'completed' },
    'customer',
    () => onlyWithNews,
    (handle) => handle.signal(PAYMENT_NEWS),
  ),
  waiting(
    { name: 'payment-cancelled', ends: 'Cancelled' },
    'customer',
    () => onlyWithNews,
    (handle) => handle.cancel(),
  ),
  {
    ...waiting({ name: 'payment-resumed', ends: 'completed' }, 'customer', () => atLast(async () => HELD)),
    resumed: { number: 1, reached: 'payment-authorized', open: [] },
  },
];
