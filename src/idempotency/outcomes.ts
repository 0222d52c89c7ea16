import type { Queryable } from '../postgres/database';
import type { ClaimIdentity } from './claims';
import type { StoredAnswer } from './stored-answer';

/** What a client that waits is told. Unless `final`, it is only true at this moment: it is neither stored nor repeated. */
export interface Told {
  readonly answer: StoredAnswer;
  readonly final: boolean;
}

/** The stored outcome of a claim, as exact bytes. */
export async function findOutcome(db: Queryable, identity: ClaimIdentity): Promise<StoredAnswer | undefined> {
  const { rows } = await db.query<StoredAnswer>(
    `select outcome_status as status, outcome_headers as headers, outcome_body as body
       from idempotency_claims
      where tenant = $1
        and operation = $2
        and key = $3
        and outcome_status is not null`,
    [identity.tenant, identity.operation, identity.key],
  );
  return rows[0];
}

/** Stores the outcome unless one is stored, and returns the stored one: whoever renders it first decides for good. */
export async function keepOutcome(db: Queryable, identity: ClaimIdentity, answer: StoredAnswer): Promise<StoredAnswer> {
  const { rows } = await db.query<StoredAnswer>(
    `update idempotency_claims
        set outcome_status = coalesce(outcome_status, $4),
            outcome_headers = coalesce(outcome_headers, $5),
            outcome_body = coalesce(outcome_body, $6)
      where tenant = $1
        and operation = $2
        and key = $3
     returning outcome_status as status, outcome_headers as headers, outcome_body as body`,
    [identity.tenant, identity.operation, identity.key, answer.status, JSON.stringify(answer.headers), answer.body],
  );
  const kept = rows[0];
  if (!kept) throw new Error(`The claim of ${identity.operation} is gone, and its outcome cannot be kept`);
  return kept;
}
