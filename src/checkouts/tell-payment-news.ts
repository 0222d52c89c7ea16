import { WorkflowNotFoundError } from '@temporalio/client';
import { checkoutWorkflowId, PAYMENT_NEWS } from '../contract/checkout';
import type { Call } from './workflows';

interface Subject {
  readonly tenant: string;
  readonly idempotencyKey: string;
}

/** Makes a checkout's workflow ask for its payment now. Does nothing if it has closed; throws while Temporal is away. */
export const tellPaymentNews =
  (call: Call) =>
  async ({ tenant, idempotencyKey }: Subject): Promise<void> => {
    try {
      await call((client) =>
        client.workflow.getHandle(checkoutWorkflowId(tenant, idempotencyKey)).signal(PAYMENT_NEWS),
      );
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  };
