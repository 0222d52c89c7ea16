/** Long enough for any outcome of the sandbox, short enough for the suite. */
export const WAIT_FOR_OUTCOME = 'wait=20';
