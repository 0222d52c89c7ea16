import type { WorkflowInterceptors } from '@temporalio/workflow';
import { readableText } from '../src/contract/readable-payload';

const withReadableSummary = <Options extends { readonly summary?: string }>(options: Options): Options =>
  options.summary === undefined ? options : { ...options, summary: readableText(options.summary) };

/**
 * Keeps what the Web UI shows beside activities and timers readable without keys: the SDK would have it encrypted like inputs and
 * results. Nothing here is `async`: each promise inside a workflow costs a stack trace.
 */
export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      scheduleActivity: (input, next) => next({ ...input, options: withReadableSummary(input.options) }),
      scheduleLocalActivity: (input, next) => next({ ...input, options: withReadableSummary(input.options) }),
      startTimer: (input, next) =>
        next(input.options === undefined ? input : { ...input, options: withReadableSummary(input.options) }),
    },
  ],
});
