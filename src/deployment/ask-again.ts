const AT_ONCE_MS = 200;
const AT_MOST_MS = 5_000;

/** How long to wait before Temporal is asked again, after so many failures in a row: one that refuses at once is not asked without end. */
export const askAgainAfterMs = (failures: number): number => Math.min(AT_ONCE_MS * 2 ** failures, AT_MOST_MS);
