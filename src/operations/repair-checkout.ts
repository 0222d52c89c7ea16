import {
  ActivityFailure,
  ApplicationFailure,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { checkoutWorkflowId } from '../contract/checkout';
import { REPAIR } from '../contract/repair';
import type { Repair } from '../contract/repair';
import type { Queryable } from '../postgres/database';

export type RepairAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'reused' }
  | { readonly outcome: 'refused'; readonly sentence: string };

/**
 * Has the checkout's workflow do the repair, as an update whose id is the repair's: asked for twice it is done once, also after the
 * workflow has ended or is forgotten. Fails when no worker takes it in time; then asking again is safe.
 */
export async function repairCheckout(
  db: Queryable,
  call: <T>(work: (client: Client) => Promise<T>) => Promise<T>,
  checkoutId: string,
  repair: Repair,
): Promise<RepairAnswer> {
  const { rows } = await db.query<{ tenant: string; key: string }>(
    `select tenant, idempotency_key as key from checkouts where id = $1`,
    [checkoutId],
  );
  const checkout = rows[0];
  if (!checkout) return { outcome: 'not-found' };
  const before = await auditedAs(db, repair.id);
  if (before) return { outcome: isSameAct(before, repair) ? 'done' : 'reused' };
  const workflowId = checkoutWorkflowId(checkout.tenant, checkout.key);
  try {
    await call((client) =>
      client.workflow
        .getHandle(workflowId)
        .executeUpdate<void, [Repair]>(REPAIR, { updateId: repair.id, args: [repair] }),
    );
    return { outcome: 'done' };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      return {
        outcome: 'refused',
        sentence: 'Nothing about the checkout waits for an operator: it has ended, or not begun.',
      };
    }
    const sentence = error instanceof WorkflowUpdateFailedError && refusalIn(error.cause);
    if (sentence) return { outcome: 'refused', sentence };
    throw error;
  }
}

type Act = Pick<Repair, 'step' | 'action' | 'reason'>;

/** The audit outlives the workflow, and Temporal compares ids of updates only, not what they are about. */
const auditedAs = async (db: Queryable, id: string): Promise<Act | undefined> =>
  (await db.query<Act>(`select step, action, reason from repairs where id = $1`, [id])).rows[0];

const isSameAct = (one: Act, other: Act): boolean =>
  one.step === other.step && one.action === other.action && one.reason === other.reason;

/** The validator's own sentence, or that of the activity which found that it is too late. */
function refusalIn(cause: unknown): string | undefined {
  const failure = cause instanceof ActivityFailure ? cause.cause : cause;
  return failure instanceof ApplicationFailure && failure.nonRetryable ? failure.message : undefined;
}
