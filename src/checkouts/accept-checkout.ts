import type { CheckoutRequest } from '../domain/order';
import { findClaim, KeyExpired, takeKey } from '../idempotency/claims';
import type { Claim, ClaimIdentity, NewClaim } from '../idempotency/claims';
import { resourceIdOf } from '../idempotency/key';
import { ANSWERS_KEPT_SINCE, MOST_COPIED_MS } from '../idempotency/retention';
import { jsonAnswer } from '../idempotency/stored-answer';
import type { Database, Queryable, Transaction } from '../postgres/database';
import { isHanging } from '../postgres/error-codes';

export const ACCEPT_OPERATION = 'POST /v1/checkouts';

/** An accepted checkout: what it takes to start its workflow. */
export interface AcceptedCheckout {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly idempotencyKey: string;
  readonly request: Pick<CheckoutRequest, 'items' | 'currency'>;
}

/** What a client asked for, and its W3C trace, which the checkout's events continue. */
interface Asked {
  readonly request: CheckoutRequest;
  readonly traceparent: string | null;
}

export interface Acceptance {
  /** The claim that holds the key: ours, or an earlier one, whose fingerprint tells whether the request is the same. */
  readonly claim: Claim;
  readonly first: boolean;
}

/**
 * Takes the key and writes the checkout in one transaction, or finds the claim that holds the key. Safe to retry after any error.
 * Throws `KeyInUse` and `KeyExpired`.
 */
export async function acceptCheckout(
  db: Database,
  identity: ClaimIdentity & { fingerprint: Buffer },
  asked: Asked,
): Promise<Acceptance> {
  const claim = claimFor(identity);
  let taken: Date | undefined;
  const first = await db
    .transaction(async (tx) => {
      taken = await take(tx, claim, asked);
      return taken !== undefined;
    })
    .catch(async (error: unknown) => {
      if (isHanging(error)) throw error;
      // The connection may have died after the commit, and then the claim is ours. Never insert again without checking.
      const there = await findClaim(db, claim).catch(() => undefined);
      if (!there) throw error;
      return there.acceptedAt.getTime() === taken?.getTime() && there.fingerprint.equals(claim.fingerprint);
    });
  if (first && taken) {
    return { claim: { ...claim, acceptedAt: taken, copyableMs: MOST_COPIED_MS, forgotten: false }, first };
  }

  const earlier = await findClaim(db, claim);
  if (!earlier) throw new Error(`The key of ${claim.resourceId} is taken, but its claim is missing`);
  return { claim: { ...earlier, forgotten: earlier.forgotten || (await endedLongAgo(db, earlier)) }, first };
}

function claimFor(identity: ClaimIdentity & { fingerprint: Buffer }): NewClaim {
  const id = resourceIdOf('chk', identity.tenant, identity.key);
  const self = `/v1/checkouts/${id}`;
  const acceptance = jsonAnswer(
    202,
    { id, state: 'accepted', links: { self, events: `${self}/events` } },
    { location: self },
  );
  return { ...identity, resourceId: id, acceptance };
}

/** When the key was taken; undefined if another request has it. */
async function take(tx: Transaction, claim: NewClaim, { request, traceparent }: Asked): Promise<Date | undefined> {
  const acceptedAt = await takeKey(tx, claim);
  if (!acceptedAt) return undefined;
  const { rowCount } = await tx.query(
    `insert into checkouts (id, tenant, idempotency_key, request, accepted_at, traceparent)
     values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [claim.resourceId, claim.tenant, claim.key, JSON.stringify(request), acceptedAt, traceparent],
  );
  // The order outlives the claim's 400 days. A second run would meet the old order's keys at every provider.
  if (rowCount === 0) throw new KeyExpired(`/v1/checkouts/${claim.resourceId}`);
  return acceptedAt;
}

/** Answers past their retention count as forgotten, even if they have not been deleted yet. */
async function endedLongAgo(db: Queryable, { resourceId, copyableMs }: Claim): Promise<boolean> {
  if (copyableMs > 0) return false;
  const { rowCount } = await db.query(`select from checkouts where id = $1 and ended_at < ${ANSWERS_KEPT_SINCE}`, [
    resourceId,
  ]);
  return rowCount === 1;
}
