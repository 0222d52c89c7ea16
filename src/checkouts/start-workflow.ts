import { isGrpcServiceError, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { CHECKOUT_TASK_QUEUE, CHECKOUT_WORKFLOW, checkoutWorkflowId } from '../contract/checkout';
import type { CheckoutOrder, CheckoutReceipt, OrderKey, Resumed } from '../contract/checkout';
import { CHECKOUT_STATE, TENANT } from '../contract/search-attributes';
import { registerSearchAttributes } from '../runtime/search-attributes';
import type { AcceptedCheckout } from './accept-checkout';

type CheckoutWorkflow = (order: CheckoutOrder) => Promise<CheckoutReceipt>;

/** How an installation starts its workflows; what is absent keeps the workflow's default. */
export type StartOptions = Omit<CheckoutOrder, keyof OrderKey | 'resumed'>;

/**
 * Starts the checkout's workflow unless somebody has started it before, even if it has ended: the workflow id is the mutex. Safe to call
 * any number of times. `eagerly` asks Temporal to hand its first task to the worker on the client's connection.
 */
export async function startWorkflow(
  client: Client,
  checkout: AcceptedCheckout,
  { eagerly = false, ...options }: StartOptions & { readonly eagerly?: boolean } = {},
) {
  // A closed run keeps its id: a start that comes late is refused, which is fine.
  await start(client, checkout, options, {
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    requestEagerStart: eagerly,
  });
}

/**
 * Starts the next run of a checkout whose last one is closed or gone; the caller has claimed it. Harmless while a run is open. Not in the
 * fast lane: after what has happened to this order, people should see each of its steps.
 */
export async function startResumed(
  client: Client,
  checkout: AcceptedCheckout,
  resumed: Resumed,
  { fastLane: _, ...options }: StartOptions,
) {
  await start(
    client,
    checkout,
    { ...options, resumed },
    { workflowIdReusePolicy: 'ALLOW_DUPLICATE', workflowIdConflictPolicy: 'FAIL' },
  );
}

async function start(
  client: Client,
  { checkoutId, tenant, idempotencyKey, request }: AcceptedCheckout,
  input: Omit<CheckoutOrder, keyof OrderKey>,
  policies: Pick<WorkflowStartOptions, 'workflowIdReusePolicy' | 'workflowIdConflictPolicy' | 'requestEagerStart'>,
): Promise<void> {
  const units = request.items.reduce((sum, { quantity }) => sum + quantity, 0);
  const resumed = input.resumed && [
    `Resume number ${input.resumed.number}: the previous run did not finish the order.`,
  ];
  try {
    await client.workflow.start<CheckoutWorkflow>(CHECKOUT_WORKFLOW, {
      ...policies,
      workflowId: checkoutWorkflowId(tenant, idempotencyKey),
      taskQueue: CHECKOUT_TASK_QUEUE,
      args: [{ checkoutId, tenant, ...input }],
      memo: { checkoutId, tenant },
      typedSearchAttributes: new TypedSearchAttributes([
        { key: CHECKOUT_STATE, value: 'running' },
        { key: TENANT, value: tenant },
      ]),
      staticSummary: `${tenant}: ${units} ${units === 1 ? 'unit' : 'units'} in ${request.currency}`,
      staticDetails: [
        `Checkout **${checkoutId}** of tenant **${tenant}**: \`GET /v1/checkouts/${checkoutId}\``,
        ...(resumed ?? []),
        request.items.map(({ sku, quantity }) => `- ${quantity} × \`${sku}\``).join('\n'),
      ].join('\n\n'),
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    // A namespace that was created anew lacks our search attributes, and so refuses the workflow: the next attempt finds them.
    if (isInvalid(error as Error)) await registerSearchAttributes(client.connection, client.options.namespace);
    throw error;
  }
}

/** gRPC's `INVALID_ARGUMENT`, as a number, so that we need no gRPC package. */
const INVALID_ARGUMENT = 3;
const isInvalid = ({ cause }: { cause?: unknown }) =>
  isGrpcServiceError(cause) && Number(cause.code) === INVALID_ARGUMENT;

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
