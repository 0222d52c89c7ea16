import { closeCase } from '../src/outbox/attention-case';
import type { AttentionCase } from '../src/outbox/attention-case';
import type { Transaction } from '../src/postgres/database';

/** Closes one case of a step. The order runs on unless another case holds it up. Call it with the order locked. */
export async function clearAttention(tx: Transaction, about: AttentionCase): Promise<void> {
  if (!(await closeCase(tx, about))) return;
  await tx.query(
    `update checkouts
        set state = 'running'
      where id = $1
        and state = 'needs-attention'
        and not exists (select from attention where checkout_id = $1 and kind in ('step', 'undo') and cleared_at is null)`,
    [about.checkoutId],
  );
}
