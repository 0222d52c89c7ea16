import type { WorkflowInterceptors } from '@temporalio/workflow';
import { readableText } from '../src/contract/readable-payload';

const withReadableSummary = <Options extends { readonly summary?: string }>(options: Options): Options =>
  options.summary === undefined ? options : { ...options, summary: readableText(options.summary) };

/**
 * Keeps the summaries of activities and timers readable in the Web UI without keys: the SDK would encrypt them like inputs and results.
 * Nothing here is `async`, because each promise inside a workflow costs time.
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
