import { ApiError } from './api-error';
import type { EndpointName } from './endpoints';

/**
 * `lose-request`: the connection breaks before Stripe acts. `lose-answer`: after it has acted, and the answer is kept under the key.
 * `rate-limit`: 429 with `Retry-After` and `Stripe-Should-Retry: true`. `lock-timeout`: 429, because another request has the object.
 * `unavailable`: 503 before anything begins; the key stays unused.
 * `error`: 500 while carrying it out, without effect; `error-after`: 500 after the effect. Both are kept under the key, with
 * `Stripe-Should-Retry: false`, as Stripe documents.
 * `hold-request`, `hold-answer`: waits for `until` before, or after acting; meanwhile the key is in use.
 */
export type FaultKind =
  | 'lose-request'
  | 'lose-answer'
  | 'rate-limit'
  | 'lock-timeout'
  | 'unavailable'
  | 'error'
  | 'error-after'
  | 'hold-request'
  | 'hold-answer';

export interface Fault {
  readonly on: EndpointName | 'any';
  readonly kind: FaultKind;
  /** How often it happens; once if left out. The official library repeats a broken connection once by itself. */
  readonly times?: number;
  /** For `hold-request` and `hold-answer`. */
  readonly until?: () => Promise<unknown>;
}

const RETRY_AFTER_S = '1';

/** The fault switch. */
export class Faults {
  #left: { fault: Fault; times: number }[] = [];

  add(fault: Fault): void {
    this.#left.push({ fault, times: fault.times ?? 1 });
  }

  clear(): void {
    this.#left = [];
  }

  /** Uses up one fault of this kind, if there is one for this endpoint. */
  take(endpoint: EndpointName, kind: FaultKind): Fault | undefined {
    const found = this.#left.find(
      ({ fault, times }) => times > 0 && fault.kind === kind && ['any', endpoint].includes(fault.on),
    );
    if (found !== undefined) found.times -= 1;
    return found?.fault;
  }
}

const AGAIN = { 'stripe-should-retry': 'true' };
const REFUSALS = {
  'rate-limit': new ApiError(
    429,
    { type: 'invalid_request_error', code: 'rate_limit', message: 'Request rate limit exceeded.' },
    { ...AGAIN, 'retry-after': RETRY_AFTER_S },
  ),
  'lock-timeout': new ApiError(
    429,
    {
      type: 'invalid_request_error',
      code: 'lock_timeout',
      message: 'This object cannot be accessed right now because another API request is currently accessing it.',
    },
    AGAIN,
  ),
  unavailable: new ApiError(503, { type: 'api_error', message: 'Stripe is temporarily unavailable.' }, AGAIN),
};

/** What turns a request away before it reaches its endpoint: its key stays unused. */
export function turnedAway(faults: Faults, endpoint: EndpointName): ApiError | undefined {
  const kinds = Object.keys(REFUSALS) as (keyof typeof REFUSALS)[];
  const kind = kinds.find((one) => faults.take(endpoint, one) !== undefined);
  return kind && REFUSALS[kind];
}

export const brokenInside = (): ApiError =>
  new ApiError(500, { type: 'api_error', message: 'An unknown error occurred.' }, { 'stripe-should-retry': 'false' });
