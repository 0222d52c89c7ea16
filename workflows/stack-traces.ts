/**
 * The SDK takes a stack trace of each promise that a workflow makes, and has no switch for it: a third of what a workflow costs. Two
 * frames are cheap, and tell which line of a bug threw. Loaded before everything else, while the sandbox's `Error` can still be changed.
 */
Object.assign(Error, { stackTraceLimit: 2 });
