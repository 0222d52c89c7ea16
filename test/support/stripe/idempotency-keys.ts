import { InvalidParameter, ApiError } from './api-error';
import type { FakeClock } from './clock';

/** An answer, byte for byte. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface KeyedRequest {
  readonly account: string;
  readonly key: string;
  readonly path: string;
  /** Sorted: the order of parameters does not matter. */
  readonly parameters: string;
}

interface Kept {
  readonly request: KeyedRequest;
  readonly at: number;
  /** Undefined while the first request is being worked on. */
  answer?: Answer;
}

const KEPT_MS = 24 * 60 * 60 * 1_000;
const LONGEST = 255;

/** Stripe's idempotency layer (https://docs.stripe.com/api/idempotent_requests), whose keys belong to an account. */
export class IdempotencyKeys {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly clock: FakeClock) {}

  /** The stored answer, which may be an error; undefined when this request is the first of its key, and is to be carried out. */
  begin(request: KeyedRequest): Answer | undefined {
    if (request.key.length > LONGEST)
      throw new InvalidParameter('Idempotency keys can be up to 255 characters long.', 'idempotency_key');
    const name = nameOf(request);
    const kept = this.#kept.get(name);
    const now = this.clock.nowMs();
    if (kept === undefined || now - kept.at >= KEPT_MS) {
      this.#kept.set(name, { request, at: now });
      return undefined;
    }
    if (kept.request.path !== request.path || kept.request.parameters !== request.parameters)
      throw differs(kept.request, request);
    if (kept.answer === undefined) throw inUse(request.key);
    return kept.answer;
  }

  keep(request: KeyedRequest, answer: Answer): void {
    const kept = this.#kept.get(nameOf(request));
    if (kept !== undefined) kept.answer = answer;
  }

  /** The request never reached its endpoint: the key may be used for a corrected one. */
  forget(request: KeyedRequest): void {
    this.#kept.delete(nameOf(request));
  }
}

const nameOf = ({ account, key }: KeyedRequest): string => JSON.stringify([account, key]);

const differs = (first: KeyedRequest, { key, path }: KeyedRequest): ApiError =>
  new ApiError(400, {
    type: 'idempotency_error',
    message:
      first.path === path
        ? 'Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key ' +
          `other than '${key}' if you meant to execute a different request.`
        : `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${first.path}' vs ` +
          `'${path}'). Try using a key other than '${key}' if you meant to execute a different request.`,
  });

const inUse = (key: string): ApiError =>
  new ApiError(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotency-Key: ${key}. Please try again later.`,
  });
