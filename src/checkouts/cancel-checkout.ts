import type { Database } from '../postgres/database';
import type { AcceptedCheckout } from './accept-checkout';

export type CancelAnswer = 'cancelling' | 'too-late' | 'not-found';

interface Row {
  tenant: string;
  idempotencyKey: string;
  requested: boolean;
  tooLate: boolean;
}

/**
 * Records the cancel under the order's row lock, which the last step takes too: whichever comes first wins, and both see which it was.
 * From then on no further step happens, even while Temporal is away. A second cancel gets the same answer.
 */
export async function cancelCheckout(
  db: Database,
  { tenant, id }: { tenant: string; id: string },
): Promise<{ answer: CancelAnswer; checkout?: Omit<AcceptedCheckout, 'request'> }> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<Row>(
      `select tenant, idempotency_key as "idempotencyKey", cancel_requested_at is not null as requested,
              coalesce(completing_at, unwinding_at, ended_at) is not null as "tooLate"
         from checkouts
        where id = $1
          and $2 in (tenant, '*')
          for no key update`,
      [id, tenant],
    );
    const row = rows[0];
    if (!row) return { answer: 'not-found' };
    const checkout = { checkoutId: id, tenant: row.tenant, idempotencyKey: row.idempotencyKey };
    if (row.requested) return { answer: 'cancelling', checkout };
    if (row.tooLate) return { answer: 'too-late', checkout };
    await tx.query(`update checkouts set cancel_requested_at = now() where id = $1`, [id]);
    return { answer: 'cancelling', checkout };
  });
}
