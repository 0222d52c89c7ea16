/** What a workflow waits for: an `undo` is parked; a `step` after the pivot is still being retried. Stored, and sent in events: add, never rename. */
export type AttentionKind = 'step' | 'undo';

/**
 * About the goods of an order: its warehouse refused after it had accepted, and the capture waits; or its inventory was not told that they
 * have left. No workflow waits for it.
 */
export const FULFILLMENT_CASE = 'fulfillment';

export type CaseKind = AttentionKind | typeof FULFILLMENT_CASE;
