import { ApplicationFailure } from '@temporalio/activity';
import { ALREADY_DECIDED, decidedBefore } from '../src/contract/repair';
import type { EarlierDecision, Repair, RepairAction } from '../src/contract/repair';
import type { AttentionKind } from '../src/domain/attention-kind';
import type { Transaction } from '../src/postgres/database';

interface Decision {
  readonly id: string;
  readonly operator: string;
  readonly action: RepairAction;
  readonly at: Date;
}

type Audited = Repair & { readonly checkoutId: string; readonly kind: AttentionKind };

/**
 * Records who decided what, when and why; false if it was recorded before. Throws if there is another decision about the step that this
 * operator did not know of. Call it with the order locked.
 */
export async function auditRepair(tx: Transaction, repair: Audited): Promise<boolean> {
  const { id, checkoutId, step, kind, action, reason, operator } = repair;
  const made = await decisionsOn(tx, repair);
  if (made.some((decision) => decision.id === id)) return false;
  const seen = repair.seen ?? made.length;
  const [first] = made.slice(seen);
  if (first) throw alreadyDecided(repair, first);
  const { rowCount } = await tx.query(
    `insert into repairs (id, checkout_id, step, kind, action, reason, operator, seen) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do nothing`,
    [id, checkoutId, step, kind, action, reason, operator, seen],
  );
  return rowCount === 1;
}

async function decisionsOn(tx: Transaction, { checkoutId, step }: Audited): Promise<Decision[]> {
  const { rows } = await tx.query<Decision>(
    `select id, operator, action, done_at as at
       from repairs
      where checkout_id = $1
        and step = $2
      order by seen nulls first, done_at`,
    [checkoutId, step],
  );
  return rows;
}

function alreadyDecided({ step }: Audited, { operator, action, at }: Decision): ApplicationFailure {
  const first: EarlierDecision = { operator, action, at: at.toISOString() };
  return ApplicationFailure.create({
    type: ALREADY_DECIDED,
    message: decidedBefore(step, first),
    details: [first],
    nonRetryable: true,
    category: 'BENIGN',
  });
}
