import type { Money } from '../domain/money';

/** `blocked`: the key was voided before this call arrived, and stays refused for ever. */
export type AuthorizationAnswer =
  | { readonly outcome: 'authorized'; readonly authorizationId: string }
  | { readonly outcome: 'declined'; readonly reason: string }
  | { readonly outcome: 'blocked' };

/**
 * Takes money, later. `key` is `<checkout id>:payment-authorized` for every call about one order, whatever the attempt:
 * the same key and body get the same answer. Anything but an answer below is a thrown error and may have acted.
 */
export interface PaymentGateway {
  authorize(request: { key: string; amount: Money; token: string }): Promise<AuthorizationAnswer>;
  /** Frees the money held under `key`. For a key not seen yet: refuses it from now on. Harmless when repeated. */
  void(request: { key: string }): Promise<void>;
}
