/**
 * Of an event that a sink did not take: tried again by itself, standing behind an earlier one of its order, or left for an operator.
 * Recorded in metrics.
 */
export const PARKED_STATES = ['waiting', 'behind', 'dead'] as const;
export type ParkedState = (typeof PARKED_STATES)[number];
