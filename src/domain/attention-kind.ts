/** An `undo` is parked; a `step` after the pivot is still being retried. Stored, and sent in events: add, never rename. */
export type AttentionKind = 'step' | 'undo';
