import type { Step } from '../../../domain/steps';
import { KEPT_DAYS } from '../../../outbox/log/partitions';
import type { Transaction } from '../../../postgres/database';
import { pagesAfter, pagesOf } from '../pages';
import type { Change, Ending } from './check-announcements';

type Place = { readonly checkoutId: string; readonly step: Step | '' };

/** The ledger of orders so young that none of their events can have been dropped. */
export const readChanges = (tx: Transaction): AsyncGenerator<Change> =>
  pagesAfter<Place, Change>(tx, { checkoutId: '', step: '' }, ({ checkoutId, step }, size) => ({
    query: `select checkout_id as "checkoutId", step, done_at is not null as done, undone_at is not null as undone
              from step_ledger ledger
             where (checkout_id, step) > ($1, $2)
               and exists (
                     select
                       from checkouts
                      where id = ledger.checkout_id
                        and accepted_at > now() - $3 * interval '1 day')
             order by checkout_id, step
             limit $4`,
    values: [checkoutId, step, KEPT_DAYS, size],
  }));

/** The checkouts of the same age. */
export const readEndings = (tx: Transaction): AsyncGenerator<Ending> =>
  pagesOf<Ending>(
    tx,
    `select id as "checkoutId", state,
            (select case when action_expires_at is null then 'provider' else 'customer' end
               from payment_waits where checkout_id = checkouts.id) as waited
       from checkouts
      where id > $1
        and accepted_at > now() - interval '${KEPT_DAYS} days'
      order by id
      limit $2`,
  );
