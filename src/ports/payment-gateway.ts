import type { Money } from '../domain/money';

/** `blocked`: the key was voided before this call arrived, and stays refused for ever. */
export type AuthorizationAnswer =
  | { readonly outcome: 'authorized'; readonly authorizationId: string }
  | { readonly outcome: 'declined'; readonly reason: string }
  | { readonly outcome: 'blocked' };

/** `rejected`: nothing was taken, and asking again changes nothing until somebody has put it right with the processor. */
export type CaptureAnswer =
  | { readonly outcome: 'captured'; readonly captureId: string }
  | { readonly outcome: 'rejected'; readonly reason: string };

/**
 * Holds money, then frees it or takes it. `key` is `<checkout id>:payment-authorized` for every call about one order, whatever the
 * attempt: the same key and body get the same answer. Anything but an answer below is a thrown error and may have acted.
 */
export interface PaymentGateway {
  authorize(request: { key: string; amount: Money; token: string }): Promise<AuthorizationAnswer>;
  /** Frees the money held under `key`. For a key not seen yet: refuses it from now on. Harmless when repeated. */
  void(request: { key: string }): Promise<void>;
  /** Takes the money held under `key`, which must be this amount: once, however often it is asked. */
  capture(request: { key: string; amount: Money }): Promise<CaptureAnswer>;
}
