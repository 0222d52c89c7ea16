import { isCheckoutSnapshot } from './checkout-snapshot';
import type { CheckoutSnapshot } from './checkout-snapshot';
import { eventStream } from './event-stream';
import type { Bookmark } from './event-stream';
import { Problem } from '../terminal/problem';
import { notOurApi, problemFromResponse, unreachable } from './problem-from-response';
import { parsed, readAnswer } from './read-answer';
import type { Shape } from './shape';

/** No call here asks the API to wait for an outcome, so an answer this late counts as none. */
const TIMEOUT_MS = 10_000;

interface Posted {
  readonly body?: object;
  /** Idempotency-Key. */
  readonly key?: string;
}

/** The API as the commands use it. Every failure is a `Problem`, and so is an answer without the expected shape. */
export interface ApiClient {
  get<T>(path: string, shape: Shape<T>, query?: Readonly<Record<string, string>>): Promise<T>;
  post<T>(path: string, shape: Shape<T>, posted?: Posted): Promise<{ readonly answer: T; readonly replayed: boolean }>;
  checkout(id: string): Promise<CheckoutSnapshot>;
  /** Yields whenever something may have happened to the checkout: see `eventStream`. */
  events(id: string, from: Bookmark): AsyncGenerator<Bookmark, void>;
}

export const checkoutPath = (id: string): string => `/v1/checkouts/${encodeURIComponent(id)}`;

export function createApiClient({ url, apiKey }: { readonly url: string; readonly apiKey: string }): ApiClient {
  async function call<T>(path: string, shape: Shape<T>, init: RequestInit) {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}${path}`, {
        ...init,
        headers: { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...init.headers },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await readAnswer(url, response);
    } catch (cause) {
      throw cause instanceof Problem ? cause : unreachable(url, cause);
    }
    const answer = parsed(text);
    if (!response.ok) throw problemFromResponse(response.status, answer);
    if (!shape(answer)) throw notOurApi(url, response.status);
    return { answer, replayed: response.headers.get('idempotent-replayed') === 'true' };
  }

  const get: ApiClient['get'] = async (path, shape, query = {}) => {
    const asked = new URLSearchParams(query).toString();
    return (await call(asked === '' ? path : `${path}?${asked}`, shape, {})).answer;
  };

  return {
    get,
    post: (path, shape, { body, key } = {}) =>
      call(path, shape, {
        method: 'POST',
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body && { body: JSON.stringify(body) }),
      }),
    checkout: (id) => get(checkoutPath(id), isCheckoutSnapshot),
    events: (id, from) => eventStream({ url, apiKey, path: `${checkoutPath(id)}/events` }, from),
  };
}
