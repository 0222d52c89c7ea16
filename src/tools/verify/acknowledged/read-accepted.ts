import type { Queryable } from '../../../postgres/database';
import { DECIDED_BY } from '../owed-since';
import { pagesOf } from '../pages';
import type { AcceptedCheckout } from './accepted-checkout';

/** All checkouts, then the claims without a checkout. */
export async function* readAcceptedCheckouts(db: Queryable): AsyncGenerator<AcceptedCheckout> {
  yield* pagesOf<AcceptedCheckout>(
    db,
    `select id as "checkoutId", tenant, idempotency_key as key, state, refusal, accepted_at as "acceptedAt", ended_at as "endedAt",
            resumes, ${DECIDED_BY}, exists (select from orders where checkout_id = checkouts.id) as "hasOrder"
       from checkouts
      where id > $1
      order by id
      limit $2`,
  );
  const { rows } = await db.query<AcceptedCheckout>(
    `select resource_id as "checkoutId", tenant, key, null as state, null as refusal, accepted_at as "acceptedAt", null as "endedAt",
            0 as resumes, null as "decidedBy", false as "hasOrder"
       from idempotency_claims claim
      where operation = 'POST /v1/checkouts'
        and not exists (select from checkouts where id = claim.resource_id)`,
  );
  yield* rows;
}
