import type { CheckoutRequest } from '../domain/order';
import type { Database } from '../postgres/database';
import { acceptCheckout } from './accept-checkout';
import type { Acceptance, AcceptedCheckout } from './accept-checkout';
import { listCheckouts, readCheckout } from './read-checkout';
import type { CheckoutPage } from './read-checkout';
import type { CheckoutView } from './checkout-view';

type ListQuery = Parameters<typeof listCheckouts>[1];

/** The checkouts as the API sees them. */
export interface Checkouts {
  claim(request: { tenant: string; key: string; body: CheckoutRequest }): Promise<Acceptance>;
  read(tenant: string, id: string): Promise<CheckoutView | undefined>;
  list(query: ListQuery): Promise<CheckoutPage>;
}

/**
 * `start` is told of every new checkout once it is committed, and is not waited for: an accepted checkout is accepted also
 * while Temporal is away, and what `start` does not get done is swept later.
 */
export const checkoutsIn = (
  db: Database,
  { now, start }: { now: () => Date; start: (checkout: AcceptedCheckout) => void },
): Checkouts => ({
  async claim({ tenant, key, body }) {
    const acceptance = await acceptCheckout(db, { tenant, key, request: body, now: now() });
    const { claim, first } = acceptance;
    if (first) start({ checkoutId: claim.resourceId, tenant, idempotencyKey: key, request: body });
    return acceptance;
  },
  read: (tenant, id) => readCheckout(db, tenant, id),
  list: (query) => listCheckouts(db, query),
});
