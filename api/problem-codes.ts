import { REFUSALS } from '../src/domain/refusals';
import type { RefusalCode } from '../src/domain/refusals';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What the caller should do. */
  readonly advice: string;
}

/** Every problem the API answers with, apart from the refusals. Codes are for ever: add, never rename. */
const REQUEST_PROBLEMS = {
  'invalid-request': {
    status: 400,
    title: 'The request does not fit the schema',
    advice: 'Correct the field named in `errors`; unknown fields are refused, nothing is coerced. See /docs.',
  },
  'invalid-json': {
    status: 400,
    title: 'The body is no JSON',
    advice: 'Send one JSON object, UTF-8, without duplicate or forbidden members.',
  },
  'invalid-http': {
    status: 400,
    title: 'This is no HTTP request',
    advice: 'Send HTTP/1.1 with one `Host` header, and one way to tell how long the body is.',
  },
  'idempotency-key-missing': {
    status: 400,
    title: 'There is no Idempotency-Key',
    advice: 'Send one `Idempotency-Key` header, unique for each checkout and the same for each retry of it.',
  },
  'idempotency-key-invalid': {
    status: 400,
    title: 'The Idempotency-Key is malformed',
    advice: 'Send exactly one, 8 to 255 characters of A-Z a-z 0-9 _ . : -',
  },
  unauthorized: {
    status: 401,
    title: 'The API key is missing or not valid',
    advice: 'Send `Authorization: Bearer <api key>`.',
  },
  forbidden: {
    status: 403,
    title: 'The API key has not the scope',
    advice: 'Place checkouts with a merchant key; use an operator key for /v1/ops.',
  },
  'not-found': { status: 404, title: 'There is no such thing', advice: 'Look at the id and the path; see /docs.' },
  'method-not-allowed': {
    status: 405,
    title: 'There is no such method here',
    advice: 'Use one of those in `Allow`; see /docs.',
  },
  'request-timeout': { status: 408, title: 'The request took too long to arrive', advice: 'Send it again.' },
  'idempotency-key-in-use': {
    status: 409,
    title: 'A request with this key is being accepted right now',
    advice: 'Send the same request again after the seconds in `Retry-After`.',
  },
  'idempotency-key-expired': {
    status: 409,
    title: 'The answer for this key is no longer kept',
    advice: 'Look at the checkout in `Location`; use a new key for a new checkout.',
  },
  'too-late-to-cancel': {
    status: 409,
    title: 'The checkout can no longer be cancelled',
    advice: 'Its label is being made, or it has ended: look at it.',
  },
  'nothing-to-repair': {
    status: 409,
    title: 'This repair makes no sense now',
    advice: 'Look at /v1/ops/attention: it may be settled already, or need another action.',
  },
  'already-decided': {
    status: 409,
    title: 'Somebody else has decided about this step',
    advice: 'Look at `first`, who decided what and when, and at /v1/ops/attention: decide anew if it still waits.',
  },
  'nothing-to-resume': {
    status: 409,
    title: 'There is nothing to resume',
    advice: 'Look at the checkout: it has ended, or its workflow runs. Only one that has lost its workflow is resumed.',
  },
  'too-many-webhooks': {
    status: 409,
    title: 'There are twenty webhooks already',
    advice: 'Delete one that is no longer needed: each event goes to all of them.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    advice: 'Send less: 64 KiB for a checkout, 8 KiB elsewhere, 1 KiB where no body is asked for.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is not plain application/json',
    advice: 'Send `Content-Type: application/json`, and no Content-Encoding.',
  },
  'expectation-failed': {
    status: 417,
    title: 'The Expect header asks for what is not supported',
    advice: 'Send the request without `Expect`, or with 100-continue.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key was used for another request',
    advice: 'Use a new Idempotency-Key for a new checkout, and the very same body for a retry.',
  },
  'webhook-address-refused': {
    status: 422,
    title: 'Nothing may be sent to this address',
    advice: 'Give an https address without a user, on port 443 or from 1024 up, whose host has public addresses only.',
  },
  'too-many-requests': { status: 429, title: 'Too many requests', advice: 'Wait the seconds in `Retry-After`.' },
  'headers-too-large': {
    status: 431,
    title: 'The headers are larger than 16 KiB',
    advice: 'Send fewer or shorter headers.',
  },
  'internal-error': {
    status: 500,
    title: 'Something is broken on our side',
    advice: 'Send the same request with the same key again later: nothing happens twice.',
  },
  unavailable: {
    status: 503,
    title: 'The service cannot take requests right now',
    advice: 'Send the same request with the same key again after the seconds in `Retry-After`.',
  },
} as const satisfies Record<string, ProblemKind>;

const REFUSAL_STATUS: Record<RefusalCode, number> = {
  'unknown-sku': 422,
  'currency-not-offered': 422,
  'price-changed': 409,
  'amount-too-large': 422,
  'payment-declined': 402,
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
