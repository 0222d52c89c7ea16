import type { Queryable, Transaction } from '../postgres/database';
import { LOCK_NOT_AVAILABLE, sqlStateOf } from '../postgres/error-codes';
import { COPYABLE_MS } from './retention';
import type { StoredAnswer } from './stored-answer';

/** Longer than any claim's transaction, shorter than a client's patience. After that the key is reported as in use. */
const LOCK_TIMEOUT = '1s';

/** A key and its scope: tenant and operation (`POST /v1/checkouts`). */
export interface ClaimIdentity {
  readonly tenant: string;
  readonly operation: string;
  readonly key: string;
}

export interface NewClaim extends ClaimIdentity {
  readonly fingerprint: Buffer;
  readonly resourceId: string;
  readonly acceptance: StoredAnswer;
}

export interface Claim extends NewClaim {
  /** By the database's clock, to the millisecond. */
  readonly acceptedAt: Date;
  /** How long its answers may be repeated without asking again; 0 if they may be past their retention. */
  readonly copyableMs: number;
  /** The answers are past their retention: the claim is a tombstone. */
  readonly forgotten: boolean;
}

/** Another transaction holds the key and did not finish in time. */
export class KeyInUse extends Error {}

/** The key was used so long ago that even its claim is gone. What it created is at `location`. */
export class KeyExpired extends Error {
  constructor(readonly location: string) {
    super('The key is older than its claim is kept');
  }
}

interface ClaimRow {
  fingerprint: Buffer;
  resourceId: string;
  acceptedAt: Date;
  copyableMs: number;
  forgotten: boolean;
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Takes the key. Returns the moment of it to the one transaction that gets the key, and undefined to all others, to which `findClaim` says
 * who has it. Waits at most a second for a transaction that is taking the same key, then throws `KeyInUse`.
 */
export async function takeKey(tx: Transaction, claim: NewClaim): Promise<Date | undefined> {
  try {
    const limit = tx.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    const [, taken] = await Promise.all([limit, insertClaim(tx, claim)]);
    return taken;
  } catch (error) {
    if (sqlStateOf(error) === LOCK_NOT_AVAILABLE) throw new KeyInUse('The key is being claimed', { cause: error });
    throw error;
  }
}

async function insertClaim(tx: Transaction, claim: NewClaim): Promise<Date | undefined> {
  const { acceptance } = claim;
  const { rows } = await tx.query<{ acceptedAt: Date }>(
    `insert into idempotency_claims
       (tenant, operation, key, fingerprint, resource_id, accepted_at,
        acceptance_status, acceptance_headers, acceptance_body)
     values ($1, $2, $3, $4, $5, date_trunc('milliseconds', now()), $6, $7, $8)
     on conflict (tenant, operation, key) do nothing
     returning accepted_at as "acceptedAt"`,
    [
      claim.tenant,
      claim.operation,
      claim.key,
      claim.fingerprint,
      claim.resourceId,
      acceptance.status,
      JSON.stringify(acceptance.headers),
      acceptance.body,
    ],
  );
  return rows[0]?.acceptedAt;
}

/** The claim that has the key, with its acceptance. */
export async function findClaim(db: Queryable, identity: ClaimIdentity): Promise<Claim | undefined> {
  const { rows } = await db.query<ClaimRow>(
    `select fingerprint, resource_id as "resourceId", accepted_at as "acceptedAt", ${COPYABLE_MS} as "copyableMs",
            forgotten_at is not null as forgotten,
            acceptance_status as status, acceptance_headers as headers, acceptance_body as body
       from idempotency_claims
      where tenant = $1
        and operation = $2
        and key = $3`,
    [identity.tenant, identity.operation, identity.key],
  );
  const row = rows[0];
  if (!row) return undefined;
  const { fingerprint, resourceId, acceptedAt, copyableMs, forgotten, ...acceptance } = row;
  return { ...identity, fingerprint, resourceId, acceptedAt, copyableMs, forgotten, acceptance };
}
