import { log, workflowInfo } from '@temporalio/workflow';
import type { OrderKey } from '../src/contract/checkout';

/**
 * Temporal ends a workflow whose history is too long, and suggests a new one long before, at a twelfth of it. Waiting adds nothing, so this
 * takes hundreds of repairs of one order.
 */
export function warnOfLongHistory({ checkoutId }: OrderKey): void {
  const { continueAsNewSuggested, historyLength: events } = workflowInfo();
  if (!continueAsNewSuggested) return;
  log.warn('The history of a checkout that waits for an operator grows long: mend what fails before the next repair', {
    checkoutId,
    events,
  });
}
