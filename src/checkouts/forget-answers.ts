import { answersKeptSince, RETENTION_BATCH } from '../idempotency/retention';
import type { Database } from '../postgres/database';
import { ACCEPT_OPERATION } from './accept-checkout';

/**
 * Empties a batch of answers whose checkouts ended before the retention; returns how many. The claims stay as tombstones: their keys
 * start nothing. A checkout that has not ended keeps its answers, however old it is.
 */
export async function forgetAnswers(db: Database, now: Date): Promise<number> {
  const { rowCount } = await db.query(
    `with old as (
       select claim.ctid
         from idempotency_claims claim
         join checkouts checkout on checkout.id = claim.resource_id
        where claim.operation = $1
          and claim.accepted_at < $2
          and claim.forgotten_at is null
          and checkout.ended_at < $2
        order by claim.accepted_at
        limit $3
          for update of claim skip locked
     )
     update idempotency_claims
        set forgotten_at = $4, acceptance_body = '', outcome_status = null, outcome_headers = null, outcome_body = null
      where ctid = any (array(select ctid from old))`,
    [ACCEPT_OPERATION, answersKeptSince(now), RETENTION_BATCH, now],
  );
  return rowCount ?? 0;
}
