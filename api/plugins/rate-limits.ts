import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ApiError } from './problems';

/** Counts requests by key in fixed windows. Never throws: a limiter that fails must not stop checkouts. */
export interface RequestCounter {
  /** Counts one more and tells how many there were in this window, as far as is known, and how long it still lasts. */
  count(key: string, windowMs: number): { current: number; ttlMs: number };
}

export interface RateLimitsOptions {
  counter: RequestCounter;
  /** Requests in a window for one API key; for an address on public pages. */
  requestsPerWindow: number;
}

const RATE_WINDOW_MS = 10_000;

type Callback = (error: Error | null, result?: { current: number; ttl: number }) => void;

/** 429 with `RateLimit-*` headers for an API key that asks too often. Behind `auth`, so that nobody can use up another's limit. */
export const rateLimits = fp<RateLimitsOptions>(
  async (app, { counter, requestsPerWindow }) => {
    class CounterStore {
      incr(key: string, done: Callback, windowMs: number): void {
        const { current, ttlMs } = counter.count(key, windowMs);
        done(null, { current, ttl: ttlMs });
      }

      child(): CounterStore {
        return this;
      }
    }

    await app.register(rateLimit, {
      max: requestsPerWindow,
      timeWindow: RATE_WINDOW_MS,
      enableDraftSpec: true,
      store: CounterStore,
      keyGenerator: (request: FastifyRequest) => request.caller?.keyId ?? `address:${request.ip}`,
      errorResponseBuilder: (_request, { after }) =>
        new ApiError('too-many-requests', `This API key may ask again in ${after}.`),
    });
  },
  { name: 'rate-limits', dependencies: ['auth', 'problems'] },
);
