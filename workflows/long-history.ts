import { log, workflowInfo } from '@temporalio/workflow';
import type { OrderKey } from '../src/contract/checkout';

/**
 * Temporal ends a workflow whose history is too long, and suggests a new run at a twelfth of that length. Waiting adds nothing to the
 * history, so it takes hundreds of repairs of one order to get there.
 */
export function warnOfLongHistory({ checkoutId }: OrderKey): void {
  const { continueAsNewSuggested, historyLength: events } = workflowInfo();
  if (!continueAsNewSuggested) return;
  log.warn('The history of a checkout that waits for an operator grows long: mend what fails before the next repair', {
    checkoutId,
    events,
  });
}
