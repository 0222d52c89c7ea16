/**
 * The SDK takes a stack trace of each promise that a workflow makes, for its `__stack_trace` query, and has no switch for it: a third of what
 * a workflow costs. Its hook finds what it needs by having `promise.constructor.constructor`, which is `Function`, compile these lines,
 * three times for each promise. Here they are answered without compiling, and with an error that takes no trace: then the hook lets the
 * promise pass. Errors of workflows keep their own. Loaded before everything else, while the sandbox's `Promise` can still be changed.
 */
class NoTrace {}

const answers: Readonly<Record<string, () => unknown>> = {
  'return globalThis.__TEMPORAL_ACTIVATOR__': () =>
    (globalThis as { __TEMPORAL_ACTIVATOR__?: unknown }).__TEMPORAL_ACTIVATOR__,
  'return globalThis.Error': () => NoTrace,
};

const compile = Promise.constructor as FunctionConstructor;

Object.defineProperty(Promise, 'constructor', { value: (line: string) => answers[line] ?? compile(line) });
