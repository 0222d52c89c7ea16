import { ANSWERS_KEPT_SINCE, RETENTION_BATCH } from '../idempotency/retention';
import type { Database } from '../postgres/database';
import { ACCEPT_OPERATION } from './accept-checkout';

/**
 * Deletes a batch of answers past their retention, which counts from the end of the checkout; returns how many. The claims stay as
 * tombstones: their keys start nothing. A checkout that has not ended keeps its answers, however old it is.
 */
export async function forgetAnswers(db: Database): Promise<number> {
  const { rowCount } = await db.query(
    `with old as (
       select claim.ctid
         from idempotency_claims claim
         join checkouts checkout on checkout.id = claim.resource_id
        where claim.operation = $1
          and claim.accepted_at < ${ANSWERS_KEPT_SINCE}
          and claim.forgotten_at is null
          and checkout.ended_at < ${ANSWERS_KEPT_SINCE}
        order by claim.accepted_at
        limit $2
          for update of claim skip locked
     )
     update idempotency_claims
        set forgotten_at = now(), acceptance_body = '', outcome_status = null, outcome_headers = null, outcome_body = null
      where ctid = any (array(select ctid from old))`,
    [ACCEPT_OPERATION, RETENTION_BATCH],
  );
  return rowCount ?? 0;
}
