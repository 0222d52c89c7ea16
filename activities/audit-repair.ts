import { ApplicationFailure } from '@temporalio/activity';
import { ALREADY_DECIDED, decidedBefore } from '../src/contract/repair';
import type { EarlierDecision, Repair, RepairAction } from '../src/contract/repair';
import type { AttentionKind } from '../src/domain/attention-kind';
import type { Transaction } from '../src/postgres/database';
import { decisionsOn, recordDecision } from '../src/postgres/decisions';
import type { Decision } from '../src/postgres/decisions';

type Audited = Repair & { readonly checkoutId: string; readonly kind: AttentionKind };

/**
 * Records who decided what, when and why; false if it was recorded before. Throws if there is another decision about the step that this
 * operator did not know of. Call it with the order locked.
 */
export async function auditRepair(tx: Transaction, repair: Audited): Promise<boolean> {
  const made = await decisionsOn<RepairAction>(tx, repair);
  if (made.some(({ id }) => id === repair.id)) return false;
  const seen = repair.seen ?? made.length;
  const [first] = made.slice(seen);
  if (first) throw alreadyDecided(repair, first);
  return recordDecision(tx, { ...repair, seen });
}

function alreadyDecided({ step }: Audited, { operator, action, at }: Decision<RepairAction>): ApplicationFailure {
  const first: EarlierDecision = { operator, action, at: at.toISOString() };
  return ApplicationFailure.create({
    type: ALREADY_DECIDED,
    message: decidedBefore(step, first),
    details: [first],
    nonRetryable: true,
    category: 'BENIGN',
  });
}
