import { WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowExecutionStatusName } from '@temporalio/client';
import { checkoutWorkflowId } from '../../contract/checkout';
import type { Call } from '../workflows';

/** How a run ended, or that it no longer exists. Stored in Postgres: add, never rename. */
export type Found = 'gone' | 'terminated' | 'timed-out' | 'completed' | 'failed' | 'cancelled';

const CLOSED: Partial<Record<WorkflowExecutionStatusName, Found>> = {
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/**
 * How the newest run of a checkout's workflow ended; undefined while it is open, or in a state that this version does not know. It is gone
 * only if the server itself says that it has no such workflow: any other error, an unknown namespace included, is thrown and decides
 * nothing.
 */
export async function findRun(call: Call, tenant: string, idempotencyKey: string): Promise<Found | undefined> {
  try {
    const { status } = await call((client) =>
      client.workflow.getHandle(checkoutWorkflowId(tenant, idempotencyKey)).describe(),
    );
    return CLOSED[status.name];
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    throw error;
  }
}
