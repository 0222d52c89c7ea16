import type { PaymentIntent } from './shapes';

export interface ErrorFields {
  readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string;
  readonly payment_intent?: PaymentIntent;
}

/** An answer with an `error`, as Stripe words it (https://docs.stripe.com/api/errors). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly fields: ErrorFields,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(fields.message);
  }
}

/** Thrown before an endpoint runs: its idempotency key stays unused. */
export class InvalidParameter extends ApiError {
  constructor(message: string, param: string, code?: string) {
    super(400, { type: 'invalid_request_error', message, param, ...(code === undefined ? {} : { code }) });
  }
}

/** The request was understood, and what it asks for cannot be done. */
export const refused = (message: string, more: Partial<ErrorFields> = {}, status = 400): ApiError =>
  new ApiError(status, { type: 'invalid_request_error', message, ...more });

export const unexpectedState = (message: string, intent: PaymentIntent): ApiError =>
  refused(message, { code: 'payment_intent_unexpected_state', payment_intent: intent });

/** An id in a path is answered with 404, one in a body with 400. */
export const missing = (what: string, id: string, param: string, status: 400 | 404): ApiError =>
  refused(`No such ${what}: '${id}'`, { code: 'resource_missing', param }, status);
