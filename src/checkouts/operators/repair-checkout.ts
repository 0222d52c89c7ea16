import {
  ActivityFailure,
  ApplicationFailure,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { checkoutWorkflowId } from '../../contract/checkout';
import { ALREADY_DECIDED, decidedBefore, REPAIR } from '../../contract/repair';
import type { EarlierDecision, Repair, RepairAction } from '../../contract/repair';
import { FULFILLMENT_CASE } from '../../domain/attention-kind';
import type { CaseKind } from '../../domain/attention-kind';
import type { Step } from '../../domain/steps';
import type { Database, Queryable } from '../../postgres/database';
import { decisionsOn } from '../../postgres/decisions';
import type { Call } from '../workflows';
import type { RepairAnswer } from './repair-answer';
import { repairFulfillment } from './repair-fulfillment';

const NOT_UNDER_WAY = 'Nothing about the checkout waits for an operator: it has ended, or has not started.';

/**
 * Has the checkout's workflow do the repair, through an update with the repair's id: a repeated request is done once, even after the
 * workflow has ended or Temporal has forgotten it. Throws when no worker takes it in time; it is then safe to retry.
 */
export async function repairCheckout(
  db: Database,
  call: Call,
  checkoutId: string,
  repair: Omit<Repair, 'seen'>,
): Promise<RepairAnswer> {
  const known = await readKnown(db, checkoutId, repair);
  if (!known) return { outcome: 'not-found' };
  const { workflowId, seen, before, everAsked, ended, open } = known;
  if (before) return { outcome: isSameAct(before, repair) ? 'done' : 'reused' };
  // A parked undo of the same step is the workflow's, and closes both.
  if (open.every((kind) => kind === FULFILLMENT_CASE) && open.length > 0)
    return repairFulfillment(db, checkoutId, { ...repair, seen });
  if (ended) return afterTheEnd(db, checkoutId, repair, seen);
  // Answered without the workflow: a new order may wait seconds for its first worker, which would only say the same.
  if (!everAsked) return { outcome: 'refused', sentence: `Nothing about ${repair.step} waits for an operator.` };
  const asked: Repair = { ...repair, seen };
  try {
    await call((client) =>
      client.workflow
        .getHandle(workflowId)
        .executeUpdate<void, [Repair]>(REPAIR, { updateId: repair.id, args: [asked] }),
    );
    return { outcome: 'done' };
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    // The earlier decision may have settled the matter, and then the workflow no longer remembers it.
    const first = refusal.first ?? (await firstUnseen(db, checkoutId, asked));
    if (!first) return { outcome: 'refused', sentence: refusal.sentence };
    return decidedBy(repair.step, first);
  }
}

const decidedBy = (step: Step, first: EarlierDecision): RepairAnswer => ({
  outcome: 'decided',
  sentence: decidedBefore(step, first),
  first,
});

/**
 * The workflow closes a moment after its order, and until then would accept a repair that changes nothing. So it is refused here, and an
 * operator who wanted something else learns what was decided.
 */
async function afterTheEnd(
  db: Queryable,
  checkoutId: string,
  { step, action }: Pick<Repair, 'step' | 'action'>,
  decisions: number,
): Promise<RepairAnswer> {
  const last = decisions > 0 ? await firstUnseen(db, checkoutId, { step, seen: decisions - 1 }) : undefined;
  return last && last.action !== action ? decidedBy(step, last) : { outcome: 'refused', sentence: NOT_UNDER_WAY };
}

type Act = Pick<Repair, 'step' | 'action' | 'reason'>;

interface Known {
  readonly workflowId: string;
  /** How many decisions about the step have been made. */
  readonly seen: number;
  /** The act with this id, if it was done before: the audit trail outlives the workflow, and Temporal compares nothing but update ids. */
  readonly before: Act | undefined;
  /** Whether operators were ever called for the step: that is in Postgres before the workflow accepts a repair. */
  readonly everAsked: boolean;
  readonly ended: boolean;
  /** The kinds of the step's cases that wait. */
  readonly open: readonly CaseKind[];
}

async function readKnown(
  db: Queryable,
  checkoutId: string,
  { id, step }: Pick<Repair, 'id' | 'step'>,
): Promise<Known | undefined> {
  const { rows } = await db.query<
    Omit<Known, 'workflowId' | 'before'> & { tenant: string; key: string; before: Act | null }
  >(
    `select tenant, idempotency_key as key, ended_at is not null as ended,
            (select count(*)::integer from repairs where checkout_id = $1 and step = $2) as seen,
            (select json_build_object('step', step, 'action', action, 'reason', reason) from repairs where id = $3) as before,
            exists (select from attention where checkout_id = $1 and step = $2) as "everAsked",
            array (select kind from attention where checkout_id = $1 and step = $2 and cleared_at is null) as open
       from checkouts
      where id = $1`,
    [checkoutId, step, id],
  );
  return rows.map(({ tenant, key, before, ...row }) => ({
    ...row,
    workflowId: checkoutWorkflowId(tenant, key),
    before: before ?? undefined,
  }))[0];
}

async function firstUnseen(
  db: Queryable,
  checkoutId: string,
  { step, seen = 0 }: Pick<Repair, 'step' | 'seen'>,
): Promise<EarlierDecision | undefined> {
  const [first] = (await decisionsOn<RepairAction>(db, { checkoutId, step })).slice(seen);
  return first && { operator: first.operator, action: first.action, at: first.at.toISOString() };
}

const isSameAct = (one: Act, other: Act): boolean =>
  one.step === other.step && one.action === other.action && one.reason === other.reason;

/** The sentence of the validator, or of the activity that found it too late; with the earlier decision, if the failure names one. */
function refusalIn(error: unknown): { sentence: string; first?: EarlierDecision } | undefined {
  if (error instanceof WorkflowNotFoundError) return { sentence: NOT_UNDER_WAY };
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  const failure = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
  if (!(failure instanceof ApplicationFailure) || !failure.nonRetryable) return undefined;
  const [first] = failure.type === ALREADY_DECIDED ? (failure.details as EarlierDecision[]) : [];
  return { sentence: failure.message, ...(first && { first }) };
}
