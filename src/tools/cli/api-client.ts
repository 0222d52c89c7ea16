import type { CheckoutRequest } from '../../domain/order';
import { isCheckoutSnapshot } from './checkout-snapshot';
import type { CheckoutSnapshot } from './checkout-snapshot';
import { eventStream } from './event-stream';
import type { Bookmark } from './event-stream';
import { isRecord } from '../terminal/is-record';
import { operationCalls } from './operation-calls';
import type { OperationCalls } from './operation-calls';
import { outboxCalls } from './outbox-calls';
import type { OutboxCalls } from './outbox-calls';
import { Problem } from '../terminal/problem';
import { notOurApi, problemFromResponse, unreachable } from './problem-from-response';
import { parsed, readAnswer } from './read-answer';

/** No call here asks the API to wait for an outcome: an answer this late is none. */
const TIMEOUT_MS = 10_000;

interface Acceptance {
  readonly id: string;
  readonly state: string;
}

/** The API as the commands use it; every failure is a `Problem`. */
export interface ApiClient extends OperationCalls, OutboxCalls {
  place(
    request: CheckoutRequest,
    key: string,
  ): Promise<{ readonly acceptance: Acceptance; readonly replayed: boolean }>;
  checkout(id: string): Promise<CheckoutSnapshot>;
  /** Something happened to the checkout: see `eventStream`. */
  events(id: string, from: Bookmark): AsyncGenerator<Bookmark, void>;
}

const isAcceptance = (value: unknown): value is Acceptance =>
  isRecord(value) && typeof value.id === 'string' && typeof value.state === 'string';

export function createApiClient({ url, apiKey }: { readonly url: string; readonly apiKey: string }): ApiClient {
  async function call(path: string, init: RequestInit): Promise<{ response: Response; body: unknown }> {
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
    const body = parsed(text);
    if (!response.ok) throw problemFromResponse(response.status, body);
    return { response, body };
  }

  const pathOf = (id: string) => `/v1/checkouts/${encodeURIComponent(id)}`;

  return {
    async place(request, key) {
      const { response, body } = await call('/v1/checkouts', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(request),
      });
      if (!isAcceptance(body)) throw notOurApi(url, response.status);
      return { acceptance: body, replayed: response.headers.get('idempotent-replayed') === 'true' };
    },

    async checkout(id) {
      const { response, body } = await call(pathOf(id), {});
      if (!isCheckoutSnapshot(body)) throw notOurApi(url, response.status);
      return body;
    },

    ...operationCalls(url, call),
    ...outboxCalls(url, call),

    events: (id, from) => eventStream({ url, apiKey, path: `${pathOf(id)}/events` }, from),
  };
}
