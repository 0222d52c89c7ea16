import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { StripeEvent } from './shapes';

/** Where events go, and how: none lost, doubled or late unless a test says so. */
export interface WebhookEndpoint {
  readonly url: string;
  readonly secret: string;
  /** Whose events it gets: those of the platform itself, or those of connected accounts, which are two endpoints at Stripe. */
  readonly of?: 'account' | 'connect';
  /** When each delivery of an event happens, in ms from now: [] loses it, [0, 0] doubles it, and a wait lets others overtake it. */
  readonly when?: (event: StripeEvent) => readonly number[];
}

export interface SignedBody {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The request that Stripe would send: with another secret it is forged, with an old `at` (seconds) it is stale. The moment is that of the
 * host, not of the fake's clock: receivers compare it with their own.
 */
export function signed(event: unknown, secret: string, at: number = Math.floor(Date.now() / 1_000)): SignedBody {
  const body = JSON.stringify(event, undefined, 2);
  const v1 = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${v1}` } };
}

/** One delivery; its status, or undefined when nobody answered. */
async function deliver({ url, secret }: WebhookEndpoint, event: StripeEvent): Promise<number | undefined> {
  const { body, headers } = signed(event, secret);
  return fetch(url, { method: 'POST', headers, body }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    // Who is down gets it later at Stripe, and here when the test says so.
    () => undefined,
  );
}

/** Sends events as they happen, and knows when all have been sent. */
export class Webhooks {
  readonly events: StripeEvent[] = [];
  readonly #endpoints: WebhookEndpoint[] = [];
  readonly #under = new Set<Promise<unknown>>();

  add(endpoint: WebhookEndpoint): void {
    this.#endpoints.push(endpoint);
  }

  happened(event: StripeEvent): void {
    this.events.push(event);
    const source = event.account === undefined ? 'account' : 'connect';
    for (const endpoint of this.#endpoints.filter((one) => (one.of ?? 'account') === source))
      for (const ms of endpoint.when?.(event) ?? [0]) this.#track(wait(ms).then(() => deliver(endpoint, event)));
  }

  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under);
  }

  #track(sending: Promise<unknown>): void {
    this.#under.add(sending);
    void sending.finally(() => this.#under.delete(sending));
  }
}
