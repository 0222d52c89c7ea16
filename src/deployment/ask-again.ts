const FIRST_MS = 200;
const LONGEST_MS = 5_000;

/** The back-off before Temporal is asked again, after this many failures in a row. */
export const askAgainAfterMs = (failures: number): number => Math.min(FIRST_MS * 2 ** failures, LONGEST_MS);
