import type { Client } from '@temporalio/client';
import { checkoutWorkflowId } from '../../src/contract/checkout';

/** Whether an order's first workflow task came with the answer to its start, by its history. */
export async function wasStartedEagerly(client: Client, key: string): Promise<boolean> {
  const { events } = await client.workflow.getHandle(checkoutWorkflowId('acme', key)).fetchHistory();
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  if (!started) throw new Error(`The history of ${key} does not begin with its start`);
  return started.eagerExecutionAccepted === true;
}
