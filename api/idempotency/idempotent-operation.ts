import type { Claim, ClaimIdentity } from '../../src/idempotency/claims';
import type { Told } from '../../src/idempotency/outcomes';

export interface IdempotentRequest<Body> extends ClaimIdentity {
  readonly fingerprint: Buffer;
  readonly body: Body;
  /** W3C trace context of the first request. It does not count when two requests are compared. */
  readonly traceparent: string | null;
}

/** Work that is done once for a tenant and key. The operation knows the work; the plugin knows the contract of the header. */
export interface IdempotentOperation<Body> {
  /** Part of the key's scope and of the fingerprint: method, route, and the version of what the body means. */
  readonly name: string;
  readonly version: string;
  /**
   * Takes the key and does the work in one transaction, or finds the claim that has the key; `first` says which. Must be safe to call again
   * after any error. Throws `KeyInUse` while another transaction holds the key, and `KeyExpired` if its claim is gone.
   */
  claim(request: IdempotentRequest<Body>): Promise<{ claim: Claim; first: boolean }>;
  /**
   * The final answer. Waits for it at most `waitMs`, or until `signal` aborts; undefined if it is not there by then. May tell at once that
   * somebody else has to act first.
   */
  outcome(claim: Claim, wait: { waitMs: number; signal: AbortSignal }): Promise<Told | undefined>;
}
