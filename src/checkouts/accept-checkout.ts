import type { CheckoutRequest } from '../domain/order';
import { fingerprintOf } from '../idempotency/fingerprint';
import { findClaim, takeKey } from '../idempotency/claims';
import type { Claim } from '../idempotency/claims';
import { resourceIdOf } from '../idempotency/key';
import { jsonAnswer } from '../idempotency/stored-answer';
import type { Database } from '../postgres/database';

export const ACCEPT_OPERATION = 'POST /v1/checkouts';
const API_VERSION = 'v1';

/** An accepted checkout, as the starter of its workflow needs it. */
export interface AcceptedCheckout {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly idempotencyKey: string;
  readonly request: Pick<CheckoutRequest, 'items' | 'currency'>;
}

export interface Acceptance {
  /** The claim that holds the key: ours, or an earlier one's. Its fingerprint tells whether it is the same request. */
  readonly claim: Claim;
  readonly first: boolean;
  readonly fingerprint: Buffer;
}

/**
 * Takes the key and writes the checkout in one transaction, or finds who has the key. Safe to call again after any error: a commit
 * whose acknowledgement was lost is found as an earlier claim. Throws `KeyInUse`.
 */
export async function acceptCheckout(
  db: Database,
  { tenant, key, request, now }: { tenant: string; key: string; request: CheckoutRequest; now: Date },
): Promise<Acceptance> {
  const checkoutId = resourceIdOf('chk', tenant, key);
  const self = `/v1/checkouts/${checkoutId}`;
  const claim: Claim = {
    tenant,
    operation: ACCEPT_OPERATION,
    key,
    fingerprint: fingerprintOf({ operation: ACCEPT_OPERATION, version: API_VERSION, body: request }),
    resourceId: checkoutId,
    acceptedAt: now,
    acceptance: jsonAnswer(202, { id: checkoutId, state: 'accepted', links: { self } }, { location: self }),
  };
  const { fingerprint } = claim;

  const first = await db.transaction(async (tx) => {
    if (!(await takeKey(tx, claim))) return false;
    await tx.query(
      `insert into checkouts (id, tenant, idempotency_key, request, accepted_at) values ($1, $2, $3, $4, $5)`,
      [checkoutId, tenant, key, JSON.stringify(request), now],
    );
    return true;
  });
  if (first) return { claim, first, fingerprint };

  const earlier = await findClaim(db, claim);
  if (!earlier) throw new Error(`Key of ${checkoutId} was taken and is not there`);
  return { claim: earlier, first, fingerprint };
}
