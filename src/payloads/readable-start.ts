import type { WorkflowClientInterceptor } from '@temporalio/client';
import { readable, readableText } from '../contract/readable-payload';

/**
 * Keeps summary, details and memo of a started workflow readable without keys: the SDK would have them encrypted like the input,
 * and the Web UI does not ask a codec server about memos at all. There is no personal data in any of them.
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
