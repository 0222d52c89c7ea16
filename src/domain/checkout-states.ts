export type CheckoutState = 'accepted' | 'running' | 'completed' | 'refused' | 'cancelled' | 'needs-attention';

const ENDED: readonly CheckoutState[] = ['completed', 'refused', 'cancelled'];

/** True for the states that never change again. */
export const hasEnded = (state: CheckoutState): boolean => ENDED.includes(state);
