import {
  ActivityFailure,
  ApplicationFailure,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { checkoutWorkflowId } from '../../contract/checkout';
import { ALREADY_DECIDED, decidedBefore, REPAIR } from '../../contract/repair';
import type { EarlierDecision, Repair } from '../../contract/repair';
import type { Step } from '../../domain/steps';
import type { Queryable } from '../../postgres/database';

export type RepairAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'reused' }
  /** Somebody else has decided about the step since this was asked for, or was doing so. */
  | { readonly outcome: 'decided'; readonly sentence: string; readonly first: EarlierDecision }
  | { readonly outcome: 'refused'; readonly sentence: string };

const NOT_UNDER_WAY = 'Nothing about the checkout waits for an operator: it has ended, or not begun.';

/**
 * Has the checkout's workflow do the repair, as an update whose id is the repair's: asked for twice it is done once, also after the
 * workflow has ended or is forgotten. Fails when no worker takes it in time; then asking again is safe.
 */
export async function repairCheckout(
  db: Queryable,
  call: <T>(work: (client: Client) => Promise<T>) => Promise<T>,
  checkoutId: string,
  repair: Omit<Repair, 'seen'>,
): Promise<RepairAnswer> {
  const known = await whatIsKnown(db, checkoutId, repair);
  if (!known) return { outcome: 'not-found' };
  const { workflowId, seen, before, everAsked, ended } = known;
  if (before) return { outcome: isSameAct(before, repair) ? 'done' : 'reused' };
  if (ended) return afterTheEnd(db, checkoutId, repair, seen);
  // An order that was just placed may be seconds away from its first worker, which would only say the same.
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
    // Whoever was first may have settled it altogether, and then the workflow no longer knows by what.
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

/** The workflow closes a moment after its order, and would until then take a repair that changes nothing. Whoever wanted another one is told. */
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
  /** How many decisions about the step there are. */
  readonly seen: number;
  /** The act with this id, if it was done before: the audit outlives the workflow, and Temporal compares ids of updates only. */
  readonly before: Act | undefined;
  /** Operators were called for the step at some time: that is in Postgres before the workflow takes a repair. */
  readonly everAsked: boolean;
  readonly ended: boolean;
}

async function whatIsKnown(
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
            exists (select from attention where checkout_id = $1 and step = $2) as "everAsked"
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

async function firstUnseen(db: Queryable, checkoutId: string, { step, seen }: Pick<Repair, 'step' | 'seen'>) {
  const { rows } = await db.query<Omit<EarlierDecision, 'at'> & { at: Date }>(
    `select operator, action, done_at as at
       from repairs
      where checkout_id = $1
        and step = $2
      order by seen nulls first, done_at
     offset $3
      limit 1`,
    [checkoutId, step, seen],
  );
  return rows.map(({ at, ...decision }): EarlierDecision => ({ ...decision, at: at.toISOString() }))[0];
}

const isSameAct = (one: Act, other: Act): boolean =>
  one.step === other.step && one.action === other.action && one.reason === other.reason;

/** The validator's own sentence, or that of the activity which found that it is too late; and who was faster, where they tell. */
function refusalIn(error: unknown): { sentence: string; first?: EarlierDecision } | undefined {
  if (error instanceof WorkflowNotFoundError) return { sentence: NOT_UNDER_WAY };
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  const failure = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
  if (!(failure instanceof ApplicationFailure) || !failure.nonRetryable) return undefined;
  const [first] = failure.type === ALREADY_DECIDED ? (failure.details as EarlierDecision[]) : [];
  return { sentence: failure.message, ...(first && { first }) };
}
