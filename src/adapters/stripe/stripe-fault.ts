import { ProviderFault } from '../../ports/provider-fault';
import type { Fault } from '../../ports/provider-fault';
import { BAD_CERTIFICATE } from '../http/exchange';
import { retryAfterMs } from '../http/retry-after';
import { neverConnected } from '../never-connected';

/** What is used of an error of the library. Its message quotes what was sent, so that is not passed on. */
export interface StripeError {
  readonly type: string;
  readonly statusCode?: number;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly requestId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a failed connection, what it failed with. */
  readonly detail?: unknown;
}

/** By the class of the error, for each class that the library has. Only some can come from the requests that we make. */
export const FAULTS_OF_STRIPE: Readonly<Record<string, Fault>> = {
  ...{ StripeError: 'unusable-answer', StripeAPIError: 'server-error', StripeConnectionError: 'unreachable' },
  ...{ StripeRateLimitError: 'rate-limited', StripeIdempotencyError: 'key-reused' },
  ...{ StripeCardError: 'refused-call', StripeInvalidRequestError: 'refused-call' },
  ...{ StripeAuthenticationError: 'refused-call', StripePermissionError: 'refused-call' },
  // Of webhooks and of Connect's OAuth.
  ...{ StripeSignatureVerificationError: 'refused-call', StripeOAuthError: 'refused-call' },
  ...{ StripeInvalidGrantError: 'refused-call', StripeInvalidClientError: 'refused-call' },
  ...{ StripeOAuthInvalidRequestError: 'refused-call', StripeInvalidScopeError: 'refused-call' },
  ...{ StripeUnsupportedGrantTypeError: 'refused-call', StripeUnsupportedResponseTypeError: 'refused-call' },
  // Of version 2 of the API.
  ...{ RateLimitError: 'rate-limited', AlreadyCanceledError: 'refused-call', BlockedByStripeError: 'refused-call' },
  ...{ CannotProceedError: 'refused-call', CapabilityNotEnabledError: 'refused-call' },
  ...{ ControlledByAlternateResourceError: 'refused-call', FeatureNotEnabledError: 'refused-call' },
  ...{ FinancialAccountNotOpenError: 'refused-call', FxQuoteNeedsRefreshError: 'refused-call' },
  ...{ InsufficientFundsError: 'refused-call', InvalidPaymentMethodError: 'refused-call' },
  ...{ InvalidPayoutMethodError: 'refused-call', InvalidVaultedCredentialError: 'refused-call' },
  ...{ NotCancelableError: 'refused-call', QuotaExceededError: 'refused-call' },
  ...{ RecipientNotNotifiableError: 'refused-call', TemporarySessionExpiredError: 'refused-call' },
  ...{ VerificationAttemptFailedError: 'refused-call', VerificationExpiredError: 'refused-call' },
  ...{ VerificationNotInitiatedError: 'refused-call' },
};

export const isStripeError = (error: unknown): error is StripeError =>
  error instanceof Error && Object.hasOwn(FAULTS_OF_STRIPE, (error as Partial<StripeError>).type ?? '');

/** What a call of the port fails with. `call` is its verb. */
export function stripeFault(call: string, error: unknown): unknown {
  if (!isStripeError(error)) return error;
  const { detail } = error as { detail?: { readonly exception?: unknown } };
  // What our own `fetch` made of it, or of its body.
  for (const own of [detail, detail?.exception]) if (own instanceof ProviderFault) return own;
  if (error.type === 'StripeConnectionError') return lostConnection(call, codeOf(error.detail));
  const { statusCode = 'none', code, param, requestId, headers = {} } = error;
  const words = [code, param && `at ${param}`, requestId].filter(Boolean).join(', ');
  const wait = retryAfterMs(headers);
  return new ProviderFault(faultOf(error), `Stripe answered ${call} with status ${statusCode} (${words})`, {
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}

const CONFLICT = 409;

function faultOf({ type, statusCode }: StripeError): Fault {
  if (type === 'StripeAPIError') {
    if (statusCode === undefined) return 'not-json';
    // The same request is still under way.
    if (statusCode === CONFLICT) return 'timed-out';
    if (statusCode < 500) return 'refused-call';
  }
  return FAULTS_OF_STRIPE[type] ?? 'unusable-answer';
}

function lostConnection(call: string, code: string): ProviderFault {
  if (code === 'ETIMEDOUT')
    return new ProviderFault('timed-out', `Stripe did not answer ${call} in time; it may have acted`);
  if (BAD_CERTIFICATE.test(code))
    return new ProviderFault('bad-certificate', `Stripe's certificate is not trusted (${code}) at ${call}`);
  const what = neverConnected(code) ? 'cannot be reached' : `did not answer ${call} completely, and may have acted`;
  return new ProviderFault('unreachable', `Stripe ${what} (${code})`);
}

/** `fetch` says what happened in the cause of its error, and the library in the error that it wraps around that of a body. */
function codeOf(detail: unknown): string {
  const { code, cause, exception } = (detail ?? {}) as { code?: unknown; cause?: unknown; exception?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined && exception === undefined ? 'no code' : codeOf(cause ?? exception);
}
