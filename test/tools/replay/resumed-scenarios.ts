import { REPAIR } from '../../../src/contract/repair';
import type { Repair } from '../../../src/contract/repair';
import { fail } from './scenario';
import type { Scenario } from './scenario';

const RETRY: Repair = {
  ...{ id: 'repair-1', step: 'fulfillment-triggered', action: 'retry' },
  ...{ reason: 'as the provider said', operator: 'key-1' },
};

/** Runs that take over where an earlier one was terminated or lost. */
export const RESUMED_SCENARIOS: readonly Scenario[] = [
  {
    name: 'resumed',
    ends: 'completed',
    resumed: {
      ...{ number: 1, reached: 'notification-sent' },
      open: [{ step: 'notification-sent', kind: 'step', why: 'The mail was away.' }],
    },
    play: () => ({}),
  },
  {
    name: 'resumed-unwinding',
    ends: 'OutOfStock',
    resumed: {
      ...{ number: 2, reached: 'fulfillment-triggered' },
      open: [{ step: 'fulfillment-triggered', kind: 'undo', why: 'The warehouse was away.' }],
      unwinding: {
        because: 'OutOfStock',
        sentence: 'None left.',
        undos: ['order-created', 'payment-authorized', 'stock-reserved'],
      },
    },
    play: () => ({
      // Only undos are left: a step that ran would fail.
      activities: { createOrder: fail },
      during: (handle) => handle.executeUpdate<void, [Repair]>(REPAIR, { updateId: RETRY.id, args: [RETRY] }),
    }),
  },
];
