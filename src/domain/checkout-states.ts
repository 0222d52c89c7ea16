/** `awaiting-customer`: the payment step runs, and its processor wants the customer to approve. */
export const CHECKOUT_STATES = [
  'accepted',
  'running',
  'awaiting-customer',
  'needs-attention',
  'completed',
  'refused',
  'cancelled',
] as const;
export type CheckoutState = (typeof CHECKOUT_STATES)[number];

/** The states that never change again. */
export const ENDS = ['completed', 'refused', 'cancelled'] as const satisfies readonly CheckoutState[];

export const hasEnded = (state: CheckoutState): boolean => ENDS.some((end) => end === state);
