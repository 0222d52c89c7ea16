/** What a workflow waits for: an `undo` is parked; a `step` after the pivot is still being retried. Stored, and sent in events: add, never rename. */
export type AttentionKind = 'step' | 'undo';

/** The warehouse refused after it had accepted. No workflow waits for it: the capture does. */
export const FULFILLMENT_CASE = 'fulfillment';

export type CaseKind = AttentionKind | typeof FULFILLMENT_CASE;
