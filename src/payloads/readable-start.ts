import type { WorkflowClientInterceptor } from '@temporalio/client';
import { readable, readableText } from '../contract/readable-payload';

/**
 * Keeps the summary, details and memo of a started workflow readable without keys: the SDK would encrypt them like the input, and the Web
 * UI never sends memos to a codec server. None of them holds personal data.
 */
export const readableStart: WorkflowClientInterceptor = {
  startWithDetails: (input, next) => {
    const { memo, staticSummary, staticDetails } = input.options;
    return next({
      ...input,
      options: {
        ...input.options,
        ...(memo && { memo: Object.fromEntries(Object.entries(memo).map(([name, value]) => [name, readable(value)])) }),
        ...(staticSummary !== undefined && { staticSummary: readableText(staticSummary) }),
        ...(staticDetails !== undefined && { staticDetails: readableText(staticDetails) }),
      },
    });
  },
};
