import { expect } from '@jest/globals';
import { STEPS } from '../../src/domain/steps';
import type { CheckoutView } from '../../src/checkouts/checkout-view';
import { eventually } from './eventually';
import type { RunningStack } from './running-stack';

/** The provider calls in which steps are held. Steps without a provider are held at a table that they write. */
export const HELD_AT_PROVIDER = [
  ['payments', 'authorize'],
  ['warehouse', 'fulfill'],
  ['mail', 'send'],
  ['carrier', 'label'],
] as const;
export const HELD_AT_TABLE = {
  'order-created': 'order_lines',
  'stock-reserved': 'stock_reservations',
  'loyalty-awarded': 'loyalty_awards',
} as const;

/** For one order, once. The provider acts anyway. */
export const slowAnswer = ([provider, operation]: (typeof HELD_AT_PROVIDER)[number], key: string, delayMs: number) => ({
  ...{ provider, operation, key, kind: 'slow', delayMs, times: 1 },
});

/** Resolves once each fault has fired. */
export const faultsFired = (stack: RunningStack): Promise<true> =>
  eventually(async () => ((await stack.firedFaults()).every((fired) => fired >= 1) ? true : undefined));

const EFFECTS = [
  ['payments', 'authorized'],
  ['warehouse', 'triggered'],
  ['mail', 'sent'],
  ['carrier', 'generated'],
] as const;

/** Waits for its end: completed, with each effect once at its provider. */
export async function expectCompletedOnce(stack: RunningStack, checkoutId: string): Promise<CheckoutView> {
  const checkout = await stack.ended(checkoutId);
  expect(checkout.state).toBe('completed');
  expect(checkout.steps.map(({ state }) => state)).toEqual(STEPS.map(() => 'done'));
  for (const [provider, effect] of EFFECTS) {
    const outcomes = (await stack.journal(provider, checkoutId)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === effect)).toHaveLength(1);
  }
  return checkout;
}
