import { setTimeout as pause } from 'node:timers/promises';
import type Stripe from 'stripe';
import { isStripeError } from './stripe-fault';

/** Shorter than the 10 s of an activity attempt. */
const TIMEOUT_MS = 8_000;
const FIRST_PAUSE_MS = 100;

/** A request that Stripe turned away because another one has the intent, or the same key, at this moment. */
const BUSY: readonly unknown[] = ['lock_timeout', 'idempotency_key_in_use'];

/** As many as an outage of Stripe may spoil for one order. */
const MOST_KEYS = 5;

type Request<T> = (options: Stripe.RequestOptions) => Promise<T>;

/** The requests of one call of the port. They share its time limit. */
export class Requests {
  readonly #endsAt: number;

  constructor(timeoutMs = TIMEOUT_MS) {
    this.#endsAt = performance.now() + timeoutMs;
  }

  get #leftMs(): number {
    return this.#endsAt - performance.now();
  }

  /** Sends a request, and waits for its turn. */
  async send<T>(request: Request<T>, idempotencyKey?: string): Promise<T> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      try {
        const timeout = Math.max(Math.ceil(this.#leftMs), 1);
        return await request({ timeout, ...(idempotencyKey !== undefined && { idempotencyKey }) });
      } catch (error) {
        if (!isBusy(error) || this.#leftMs <= pauseMs) throw error;
        await pause(pauseMs);
      }
    }
  }

  /**
   * Sends a request under a key, so that Stripe carries it out once a day. For a key that gets no other answer any more, the next one is
   * used, after `look` has found that the request had no effect.
   */
  async sendOnce<T>(key: string, request: Request<T>, look: () => Promise<T | undefined>): Promise<T> {
    for (let used = 1; ; used += 1) {
      try {
        return await this.send(request, used === 1 ? key : `${key}#${used}`);
      } catch (error) {
        if (!isSpent(error) || used === MOST_KEYS) throw error;
        const done = await look();
        if (done !== undefined) return done;
      }
    }
  }
}

const isBusy = (error: unknown): boolean => isStripeError(error) && BUSY.includes(error.code);

/**
 * Stripe keeps a failure of its own like any answer, and repeats it for a day. The first time it is a fault: whether it had an effect is to be
 * looked up. A key may also be known for a request that an older version of this code made, or other settings.
 */
const isSpent = (error: unknown): boolean =>
  isStripeError(error) &&
  (error.type === 'StripeIdempotencyError' ||
    ((error.statusCode ?? 0) >= 500 && error.headers?.['idempotent-replayed'] === 'true'));
