import type { Money } from '../domain/money';

/**
 * `authorized`: this amount is held. `expiresAt` (ISO 8601) is when the processor frees it by itself, if it says so.
 * `customer-action`: nothing is held before the customer has approved at `url`, which is possible until `expiresAt` (ISO 8601). Whoever has
 * `url` can approve. `pending`: the processor decides later, without the customer. Both are asked about with `find` until they are decided.
 * `blocked`: the key was voided before this call arrived, and is refused for ever.
 */
export type AuthorizationAnswer =
  | { readonly outcome: 'authorized'; readonly reference: string; readonly expiresAt?: string }
  | { readonly outcome: 'declined'; readonly reason: string }
  | { readonly outcome: 'customer-action'; readonly url: string; readonly expiresAt: string }
  | { readonly outcome: 'pending' }
  | { readonly outcome: 'blocked' };

/** `rejected`: nothing was captured, and a retry fails until somebody has settled the matter with the processor. */
export type CaptureAnswer =
  | { readonly outcome: 'captured'; readonly reference: string }
  | { readonly outcome: 'rejected'; readonly reason: string };

/** `rejected`: nothing was given back, and a retry fails until somebody has settled the matter with the processor. */
export type RefundAnswer =
  | { readonly outcome: 'refunded'; readonly reference: string }
  | { readonly outcome: 'rejected'; readonly reason: string };

/**
 * Holds money, then frees it or captures it. `key` is `<checkout id>:payment-authorized` in every call about one order, whatever the
 * attempt: the same key and body get the same answer. Anything that is not one of the answers is thrown as a `ProviderFault`, and may
 * have acted.
 */
export interface PaymentGateway {
  authorize(request: { key: string; amount: Money; token: string }): Promise<AuthorizationAnswer>;
  /**
   * What has become of an authorization: asked after a lost answer, and while it is undecided. `amount` is what was asked for, and must be
   * what is held.
   */
  find?(request: { key: string; amount: Money }): Promise<AuthorizationAnswer | Unseen>;
  /**
   * Frees the money held under `key`, and gives back what was taken under it. A key not seen yet, or not approved yet, is refused from then
   * on. Harmless when repeated.
   */
  void(request: { key: string }): Promise<void>;
  /** Captures the money held under `key`, which must be this amount; once, however often it is called. */
  capture(request: { key: string; amount: Money }): Promise<CaptureAnswer>;
  /** Gives back a part of the money captured under `key`, or all of it; once for each `refund`, which is the caller's id of it. */
  refund(request: { key: string; refund: string; amount: Money }): Promise<RefundAnswer>;
}

/** The provider has never seen the key, or no call with it has acted. */
export interface Unseen {
  readonly outcome: 'unseen';
}
