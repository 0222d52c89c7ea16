/**
 * An event that a sink did not take is `waiting` for its retry, `behind` an earlier event of its order, or `dead` until an operator acts.
 * Metrics use these names.
 */
export const PARKED_STATES = ['waiting', 'behind', 'dead'] as const;
export type ParkedState = (typeof PARKED_STATES)[number];
