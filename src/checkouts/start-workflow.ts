import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { CHECKOUT_TASK_QUEUE, CHECKOUT_WORKFLOW, checkoutWorkflowId } from '../contract/checkout';
import type { CheckoutOrder, CheckoutReceipt, OrderKey } from '../contract/checkout';
import { CHECKOUT_STATE, TENANT } from '../contract/search-attributes';
import type { AcceptedCheckout } from './accept-checkout';

type CheckoutWorkflow = (order: CheckoutOrder) => Promise<CheckoutReceipt>;

/** What an installation decides about its workflows; their own defaults where it is silent. */
export type StartOptions = Omit<CheckoutOrder, keyof OrderKey>;

/**
 * Starts the checkout's workflow unless it was started before, whoever did it and whether or not it has ended: the workflow id is
 * the mutex. Safe to call any number of times. `eagerly` asks Temporal to hand its first task to the worker on the client's connection.
 */
export async function startWorkflow(
  client: Client,
  { checkoutId, tenant, idempotencyKey, request }: AcceptedCheckout,
  { eagerly = false, ...options }: StartOptions & { readonly eagerly?: boolean } = {},
) {
  const units = request.items.reduce((sum, { quantity }) => sum + quantity, 0);
  try {
    await client.workflow.start<CheckoutWorkflow>(CHECKOUT_WORKFLOW, {
      workflowId: checkoutWorkflowId(tenant, idempotencyKey),
      taskQueue: CHECKOUT_TASK_QUEUE,
      args: [{ checkoutId, tenant, ...options }],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      requestEagerStart: eagerly,
      memo: { checkoutId, tenant },
      typedSearchAttributes: new TypedSearchAttributes([
        { key: CHECKOUT_STATE, value: 'running' },
        { key: TENANT, value: tenant },
      ]),
      staticSummary: `${tenant}: ${units} ${units === 1 ? 'unit' : 'units'} in ${request.currency}`,
      staticDetails: [
        `Checkout **${checkoutId}** of tenant **${tenant}**: \`GET /v1/checkouts/${checkoutId}\``,
        request.items.map(({ sku, quantity }) => `- ${quantity} × \`${sku}\``).join('\n'),
      ].join('\n\n'),
    });
  } catch (error) {
    // A closed run keeps its id: whoever finds it here comes late, and all is well.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Whether Temporal knows the checkout's workflow, running or ended. */
export async function wasStarted(client: Client, { tenant, idempotencyKey }: AcceptedCheckout): Promise<boolean> {
  try {
    await client.workflow.getHandle(checkoutWorkflowId(tenant, idempotencyKey)).describe();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Asks the workflow to cancel itself; harmless when it is not there or has ended. */
export async function cancelWorkflow(
  client: Client,
  { tenant, idempotencyKey }: Pick<AcceptedCheckout, 'tenant' | 'idempotencyKey'>,
): Promise<void> {
  try {
    await client.workflow.getHandle(checkoutWorkflowId(tenant, idempotencyKey)).cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
