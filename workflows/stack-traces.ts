/**
 * For its `__stack_trace` query the SDK takes a stack trace of every promise in a workflow, and has no switch for it. That was a third of
 * what a workflow costs. Its hook gets at the sandbox by having `promise.constructor.constructor`, which is `Function`, compile the lines
 * below, three times for each promise. Here they are answered without compiling, and the `Error` in the answer takes no trace, so the hook
 * ignores the promise. A workflow's own errors keep their traces. `src/bin/bundle.ts` loads this before everything else, while the sandbox's
 * `Promise` can still be changed.
 */
class NoTrace {}

const answers: Readonly<Record<string, () => unknown>> = {
  'return globalThis.__TEMPORAL_ACTIVATOR__': () =>
    (globalThis as { __TEMPORAL_ACTIVATOR__?: unknown }).__TEMPORAL_ACTIVATOR__,
  'return globalThis.Error': () => NoTrace,
};

const compile = Promise.constructor as FunctionConstructor;

Object.defineProperty(Promise, 'constructor', { value: (line: string) => answers[line] ?? compile(line) });
