import { WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowExecutionStatusName } from '@temporalio/client';
import { checkoutWorkflowId } from '../../contract/checkout';
import type { Call } from './call';

/** What became of a run that is not there any more, or has ended. Kept in Postgres: add, never rename. */
export type Found = 'gone' | 'terminated' | 'timed-out' | 'completed' | 'failed' | 'cancelled';

const CLOSED: Partial<Record<WorkflowExecutionStatusName, Found>> = {
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/**
 * What became of the newest run of a checkout's workflow; undefined while it is open, or in a state that this version does not know. Only
 * the server's own word that it has no such workflow means gone: any other error, that of a namespace it does not know included, is thrown
 * and decides nothing.
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
