export type CheckoutState = 'accepted' | 'running' | 'completed' | 'refused' | 'cancelled' | 'needs-attention';

/** The states that never change again. */
export const ENDS = ['completed', 'refused', 'cancelled'] as const satisfies readonly CheckoutState[];

export const hasEnded = (state: CheckoutState): boolean => ENDS.some((end) => end === state);
