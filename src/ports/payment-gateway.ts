import type { Money } from '../domain/money';

/** `blocked`: the key was voided before this call arrived, and is refused for ever. */
export type AuthorizationAnswer =
  | { readonly outcome: 'authorized'; readonly authorizationId: string }
  | { readonly outcome: 'declined'; readonly reason: string }
  | { readonly outcome: 'blocked' };

/** `rejected`: nothing was captured, and a retry fails until somebody has settled the matter with the processor. */
export type CaptureAnswer =
  | { readonly outcome: 'captured'; readonly captureId: string }
  | { readonly outcome: 'rejected'; readonly reason: string };

/**
 * Holds money, then frees it or captures it. `key` is `<checkout id>:payment-authorized` in every call about one order, whatever the
 * attempt: the same key and body get the same answer. Anything that is not one of the answers is thrown, and may have acted.
 */
export interface PaymentGateway {
  authorize(request: { key: string; amount: Money; token: string }): Promise<AuthorizationAnswer>;
  /** Frees the money held under `key`. A key not seen yet is refused from then on. Harmless when repeated. */
  void(request: { key: string }): Promise<void>;
  /** Captures the money held under `key`, which must be this amount; once, however often it is called. */
  capture(request: { key: string; amount: Money }): Promise<CaptureAnswer>;
}
