/** An `undo` is parked; a `step` behind the pivot is still being tried. Stored and announced: add, never rename. */
export type AttentionKind = 'step' | 'undo';
