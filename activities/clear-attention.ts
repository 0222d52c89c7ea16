import type { Step } from '../src/domain/steps';
import { append } from '../src/outbox/append';
import type { Transaction } from '../src/postgres/database';

/** Nothing of this step needs a person any more. Call it with the order locked. */
export async function clearAttention(tx: Transaction, checkoutId: string, step: Step): Promise<void> {
  const { rows } = await tx.query<{ kind: 'step' | 'undo' }>(
    `update attention
        set cleared_at = now()
      where checkout_id = $1
        and step = $2
        and cleared_at is null
     returning kind`,
    [checkoutId, step],
  );
  if (rows.length === 0) return;
  await tx.query(
    `update checkouts
        set state = 'running'
      where id = $1
        and state = 'needs-attention'
        and not exists (select from attention where checkout_id = $1 and cleared_at is null)`,
    [checkoutId],
  );
  await append(
    tx,
    checkoutId,
    rows.map(({ kind }) => ({ type: 'attention.cleared', data: { step, kind } })),
  );
}
