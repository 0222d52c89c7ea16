import type { CaseKind } from '../src/domain/attention-kind';
import type { Step } from '../src/domain/steps';
import { append } from '../src/outbox/append';
import type { Transaction } from '../src/postgres/database';

interface Case {
  readonly checkoutId: string;
  readonly step: Step;
  readonly kind: CaseKind;
}

/** Closes one case of a step; its other kind may stay open. Call it with the order locked. */
export async function clearAttention(tx: Transaction, { checkoutId, step, kind }: Case): Promise<void> {
  const { rowCount } = await tx.query(
    `update attention
        set cleared_at = now()
      where checkout_id = $1
        and step = $2
        and kind = $3
        and cleared_at is null`,
    [checkoutId, step, kind],
  );
  if (rowCount === 0) return;
  await tx.query(
    `update checkouts
        set state = 'running'
      where id = $1
        and state = 'needs-attention'
        and not exists (select from attention where checkout_id = $1 and kind in ('step', 'undo') and cleared_at is null)`,
    [checkoutId],
  );
  await append(tx, checkoutId, [{ type: 'attention.cleared', data: { step, kind } }]);
}
