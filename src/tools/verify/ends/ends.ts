import { DECIDED_BY } from '../owed-since';
import { pagesOf } from '../pages';
import { settledBefore } from '../scene';
import type { Scene } from '../scene';
import type { Verdict } from '../verdict';
import { checkEnds } from './check-ends';
import type { OpenCheckout } from './check-ends';

/** P3, on a live system. */
export async function ends(scene: Scene): Promise<Verdict> {
  const { db, attentionExpected } = scene;
  const { rows } = await db.query<{ accepted: number }>(`select count(*)::integer as accepted from checkouts`);
  return checkEnds({
    accepted: rows[0]?.accepted ?? 0,
    open: pagesOf<OpenCheckout>(
      db,
      `select id as "checkoutId", state, accepted_at as "acceptedAt", ended_at as "endedAt", ${DECIDED_BY},
              exists (select from payment_waits where checkout_id = checkouts.id and settled_at is null) as undecided,
              array(select step from attention where checkout_id = checkouts.id and kind in ('step', 'undo') and cleared_at is null order by step) as waiting
         from checkouts
        where id > $1
          and (ended_at is null
               or exists (select from attention where checkout_id = checkouts.id and cleared_at is null)
               or exists (select from payment_waits where checkout_id = checkouts.id and settled_at is null))
        order by id
        limit $2`,
    ),
    settledBefore: settledBefore(scene),
    attentionExpected,
  });
}
