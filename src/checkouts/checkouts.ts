import type { Caller } from '../domain/api-keys';
import { hasEnded } from '../domain/checkout-states';
import type { CheckoutRequest } from '../domain/order';
import type { Claim, ClaimIdentity } from '../idempotency/claims';
import { findOutcome, keepOutcome } from '../idempotency/outcomes';
import type { Told } from '../idempotency/outcomes';
import type { StoredAnswer } from '../idempotency/stored-answer';
import type { Database } from '../postgres/database';
import { ACCEPT_OPERATION, acceptCheckout } from './accept-checkout';
import type { Acceptance } from './accept-checkout';
import { cancelCheckout } from './cancel-checkout';
import type { CancelAnswer } from './cancel-checkout';
import type { WholeCheckout } from './checkout-view';
import { nextActionFor } from './next-action';
import type { OutcomeWatch } from './outcome-watch';
import { listCheckouts, readCheckout } from './read-checkout';
import type { CheckoutPage } from './read-checkout';
import { readLabel } from './read-label';
import type { StoredLabel } from './read-label';
import type { WorkflowStarter } from './workflow-starter';

type ListQuery = Parameters<typeof listCheckouts>[1];
type PlaceRequest = ClaimIdentity & { fingerprint: Buffer; body: CheckoutRequest; traceparent: string | null };

/** What the API can do with checkouts. */
export interface Checkouts {
  readonly name: string;
  readonly version: string;
  claim(request: PlaceRequest): Promise<Acceptance>;
  outcome(claim: Claim, wait: { waitMs: number; signal: AbortSignal }): Promise<Told | undefined>;
  read(caller: Caller, id: string): Promise<WholeCheckout | undefined>;
  list(query: ListQuery): Promise<CheckoutPage>;
  label(tenant: string, id: string): Promise<StoredLabel | undefined>;
  cancel(tenant: string, id: string): Promise<CancelAnswer>;
}

export interface CheckoutsOptions {
  /** Told of each new checkout and each cancel after its commit, and not waited for: the sweep or the next step makes up for it. */
  starter: Pick<WorkflowStarter, 'startSoon' | 'cancelSoon'>;
  watch: OutcomeWatch;
  /** The answer about a checkout that has ended, or whose customer has to act. */
  renderOutcome: (checkout: WholeCheckout) => StoredAnswer;
}

export const checkoutsIn = (db: Database, { starter, watch, renderOutcome }: CheckoutsOptions): Checkouts => ({
  name: ACCEPT_OPERATION,
  version: 'v1',

  async claim({ body, traceparent, ...identity }) {
    const acceptance = await acceptCheckout(db, identity, { request: body, traceparent });
    const { tenant, key, resourceId } = acceptance.claim;
    if (acceptance.first) starter.startSoon({ checkoutId: resourceId, tenant, idempotencyKey: key, request: body });
    return acceptance;
  },

  async outcome(claim, { waitMs, signal }) {
    const kept = await findOutcome(db, claim);
    if (kept) return { answer: kept, final: true };
    await watch.endedOrAsking(claim.resourceId, waitMs, signal);
    const checkout = await readCheckout(db, claim.tenant, claim.resourceId);
    if (!checkout) return undefined;
    if (hasEnded(checkout.state)) return { answer: await keepOutcome(db, claim, renderOutcome(checkout)), final: true };
    // Not kept: the outcome is what this key gets in the end.
    return checkout.nextAction ? { answer: renderOutcome(checkout), final: false } : undefined;
  },

  async read(caller, id) {
    const checkout = await readCheckout(db, caller.tenant, id);
    return checkout && { ...checkout, nextAction: nextActionFor(caller, checkout.nextAction) };
  },

  list: (query) => listCheckouts(db, query),
  label: (tenant, id) => readLabel(db, tenant, id),

  async cancel(tenant, id) {
    const { answer, checkout } = await cancelCheckout(db, { tenant, id });
    if (answer === 'cancelling' && checkout) starter.cancelSoon(checkout);
    return answer;
  },
});
