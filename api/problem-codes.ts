import { REFUSALS } from '../src/domain/refusals';
import type { RefusalCode } from '../src/domain/refusals';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What the caller should do. */
  readonly advice: string;
}

/** Every problem the API answers with, apart from the refusals. Codes are permanent: add, never rename. */
const REQUEST_PROBLEMS = {
  'invalid-request': {
    status: 400,
    title: 'The request does not match the schema',
    advice: 'Correct the field named in `errors`; unknown fields are refused, nothing is coerced. See /docs.',
  },
  'invalid-json': {
    status: 400,
    title: 'Not valid JSON',
    advice: 'Send one JSON object, UTF-8, without duplicate or forbidden members.',
  },
  'invalid-http': {
    status: 400,
    title: 'Not a valid HTTP request',
    advice: 'Send HTTP/1.1 with one `Host` header, and say the length of the body in one way only.',
  },
  'idempotency-key-missing': {
    status: 400,
    title: 'The Idempotency-Key header is missing',
    advice: 'Send one `Idempotency-Key` header: a new key for each checkout, the same key for each retry of it.',
  },
  'idempotency-key-invalid': {
    status: 400,
    title: 'The Idempotency-Key is malformed',
    advice: 'Send exactly one, 8 to 255 characters of A-Z a-z 0-9 _ . : -',
  },
  unauthorized: {
    status: 401,
    title: 'The API key or signature is missing or invalid',
    advice: 'Send `Authorization: Bearer <api key>`.',
  },
  forbidden: {
    status: 403,
    title: 'The API key lacks the required scope',
    advice: 'Place checkouts with a merchant key; use an operator key for /v1/ops.',
  },
  'not-found': { status: 404, title: 'Not found', advice: 'Check the id and the path; see /docs.' },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    advice: 'Use one of the methods in `Allow`; see /docs.',
  },
  'request-timeout': { status: 408, title: 'The request took too long to arrive', advice: 'Send it again.' },
  'idempotency-key-in-use': {
    status: 409,
    title: 'A request with this key is being accepted right now',
    advice: 'Send the same request again after `Retry-After` seconds.',
  },
  'idempotency-key-expired': {
    status: 409,
    title: 'The answer for this key is no longer stored',
    advice: 'Look at the checkout in `Location`; use a new key for a new checkout.',
  },
  'too-late-to-cancel': {
    status: 409,
    title: 'The checkout can no longer be cancelled',
    advice: 'Its label is being made, or it has ended: read the checkout to see which.',
  },
  'nothing-to-repair': {
    status: 409,
    title: 'This repair is not possible now',
    advice: 'Read /v1/ops/attention: the case may be settled already, or need another action.',
  },
  'already-decided': {
    status: 409,
    title: 'Another operator has already decided about this step',
    advice:
      '`first` says who decided what and when. Read /v1/ops/attention, and decide again if the case is still open.',
  },
  'nothing-to-resume': {
    status: 409,
    title: 'There is nothing to resume',
    advice:
      'The checkout has ended, or its workflow is running. Only a checkout that has lost its workflow can be resumed.',
  },
  'too-many-webhooks': {
    status: 409,
    title: 'The limit of twenty webhooks is reached',
    advice: 'Delete one that is no longer needed: each event goes to all of them.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    advice:
      "Send at most 64 KiB for a checkout or a provider's webhook, 8 KiB elsewhere, and 1 KiB where no body is needed.",
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is not plain application/json',
    advice: 'Send `Content-Type: application/json`, and no Content-Encoding.',
  },
  'expectation-failed': {
    status: 417,
    title: 'The expectation in the Expect header is not supported',
    advice: 'Send the request without `Expect`, or with `100-continue`.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key was used for a different request',
    advice: 'Use a new Idempotency-Key for a new checkout, and exactly the same body for a retry.',
  },
  'webhook-address-refused': {
    status: 422,
    title: 'This webhook address is not allowed',
    advice:
      'Use an https URL without credentials, on port 443 or any port from 1024 up, whose host resolves to public addresses only.',
  },
  'too-many-requests': { status: 429, title: 'Too many requests', advice: 'Wait `Retry-After` seconds.' },
  'headers-too-large': {
    status: 431,
    title: 'The headers are larger than 16 KiB',
    advice: 'Send fewer or shorter headers.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on our side',
    advice: 'Send the same request with the same key again later: nothing is done twice.',
  },
  unavailable: {
    status: 503,
    title: 'The service cannot take requests right now',
    advice: 'Send the same request with the same key again after `Retry-After` seconds.',
  },
} as const satisfies Record<string, ProblemKind>;

const REFUSAL_STATUS: Record<RefusalCode, number> = {
  'unknown-sku': 422,
  'currency-not-offered': 422,
  'price-changed': 409,
  'amount-too-large': 422,
  'payment-declined': 402,
  'payment-abandoned': 402,
  'out-of-stock': 409,
  'warehouse-refused': 409,
  'undeliverable-address': 422,
  'step-unavailable': 409,
  cancelled: 409,
  'checkout-expired': 409,
};

const REFUSAL_ADVICE = 'This is final for this Idempotency-Key and everything was undone: use a new key to try again.';

export type ProblemCode = keyof typeof REQUEST_PROBLEMS | RefusalCode;

export const PROBLEMS = {
  ...REQUEST_PROBLEMS,
  ...Object.fromEntries(
    Object.values(REFUSALS).map(({ code, title }) => [
      code,
      { status: REFUSAL_STATUS[code], title, advice: REFUSAL_ADVICE },
    ]),
  ),
} as Readonly<Record<ProblemCode, ProblemKind>>;

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);
