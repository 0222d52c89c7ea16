import { setTimeout as rest } from 'node:timers/promises';
import type { CheckoutRequest } from '../../src/domain/order';
import { within } from '../../src/runtime/time-limit';
import type { PlannedOrder } from './order-mix';

/** Longer than the service's own timeouts; after it, a half-open connection is given up. */
const ANSWER_WITHIN_MS = 10_000;
/** Like a patient client: the same request with the same key until there is an answer. */
const RETRY_AFTER_MS = 300;
const PATIENCE_MS = 90_000;
/** By contract these are retried, like everything from 500 up. */
const NOT_NOW = new Set([408, 429]);

export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly location: string | null;
  readonly isReplayed: boolean;
  /** The acceptance although the outcome was asked for: it was not ready in time, or Postgres was down. */
  readonly isTooEarly: boolean;
  readonly body: string;
}

/** A client of the API that retries until it gets an answer or runs out of patience. */
export class Shop {
  constructor(
    private readonly api: string,
    private readonly signal: AbortSignal,
  ) {}

  place({ tenant, key }: PlannedOrder, request: CheckoutRequest, prefer?: string): Promise<Answer | undefined> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key, ...(prefer && { prefer }) };
    return this.#ask('/v1/checkouts', tenant, { method: 'POST', headers, body: JSON.stringify(request) });
  }

  cancel({ tenant, id }: PlannedOrder): Promise<Answer | undefined> {
    return this.#ask(`/v1/checkouts/${id}/cancel`, tenant, { method: 'POST' });
  }

  read({ tenant, id }: PlannedOrder): Promise<Answer | undefined> {
    return this.#ask(`/v1/checkouts/${id}`, tenant, {});
  }

  async #ask(path: string, tenant: string, init: RequestInit): Promise<Answer | undefined> {
    const patience = Date.now() + PATIENCE_MS;
    while (Date.now() < patience && !this.signal.aborted) {
      // No answer, or half of one: the retry will tell what happened.
      const answer = await this.#askOnce(path, tenant, init).catch(() => undefined);
      if (answer && isFinal(answer)) return answer;
      await rest(RETRY_AFTER_MS);
    }
    return undefined;
  }

  async #askOnce(path: string, tenant: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${this.api}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer sk_sandbox_${tenant}` },
      signal: within(ANSWER_WITHIN_MS, this.signal),
    });
    const body = await response.text();
    const { code } = JSON.parse(body) as { code?: string };
    return {
      status: response.status,
      code,
      location: response.headers.get('location'),
      isReplayed: response.headers.get('idempotent-replayed') === 'true',
      isTooEarly: response.headers.get('preference-applied') === 'respond-async',
      body,
    };
  }
}

const isFinal = ({ status, code, isTooEarly }: Answer): boolean =>
  status < 500 && !NOT_NOW.has(status) && !isTooEarly && code !== 'idempotency-key-in-use';
