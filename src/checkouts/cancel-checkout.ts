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
 * Notes the customer's wish, under the order's row lock that the last step takes too: whichever is first has won, and both sides see
 * which. Once it is noted no further step happens, also while Temporal is away. Asking again gets the same answer.
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
