import type { Step } from '../../domain/steps';
import { KEPT_DAYS } from '../../outbox/partitions';
import type { Transaction } from '../../postgres/database';
import type { Change } from './check-announcements';

const PAGE = 5_000;

/** The ledger, of orders that are too young for any of their events to have been dropped. */
export async function* readChanges(tx: Transaction): AsyncGenerator<Change> {
  let after: { checkoutId: string; step: Step | '' } = { checkoutId: '', step: '' };
  for (;;) {
    const { rows } = await tx.query<Change>(
      `select checkout_id as "checkoutId", step, done_at is not null as done, undone_at is not null as undone
         from step_ledger ledger
        where (checkout_id, step) > ($1, $2)
          and exists (
                select
                  from checkouts
                 where id = ledger.checkout_id
                   and accepted_at > now() - $3 * interval '1 day')
        order by checkout_id, step
        limit $4`,
      [after.checkoutId, after.step, KEPT_DAYS, PAGE],
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last;
  }
}
