import fp from 'fastify-plugin';
import { addressOf } from '../caller-address';
import { ApiError } from './problems';

/** Counts requests by key in fixed windows. Never throws: a limiter that fails must not stop checkouts. */
export interface RequestCounter {
  /** Counts one more. Returns how many there were in this window, as far as known, and how long it still lasts. */
  count(key: string, windowMs: number): { current: number; ttlMs: number };
  /** Takes one back that should not have counted. */
  takeBack(key: string): void;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The same large answer for everybody, without an API key. Nobody needs it often. */
    document?: boolean;
  }
}

export interface RateLimitsOptions {
  counter: RequestCounter;
  /** Requests in a window, for one API key, or for one address on public pages. */
  requestsPerWindow: number;
}

export const RATE_WINDOW_MS = 10_000;
/** For one address and all documents together. The documentation has nine pages. */
const DOCUMENTS_PER_WINDOW = 100;

const secondsOf = (ttlMs: number): string => String(Math.ceil(ttlMs / 1_000));

export function tooMany(what: string, ttlMs: number): ApiError {
  const seconds = secondsOf(ttlMs);
  return new ApiError('too-many-requests', `Too many ${what}: try again in ${seconds} s.`, {
    headers: { 'retry-after': seconds },
  });
}

/**
 * 429 with `RateLimit-*` headers for an API key that asks too often. After `auth`, so that nobody can use up another's limit. These are our own
 * few lines because @fastify/rate-limit awaits its store for each request, which is a fifth of what a replay costs.
 */
export const rateLimits = fp<RateLimitsOptions>(
  async (app, { counter, requestsPerWindow }) => {
    app.addHook('onRequest', (request, reply, done) => {
      const isDocument = request.routeOptions.config.document === true;
      const limit = isDocument ? Math.min(requestsPerWindow, DOCUMENTS_PER_WINDOW) : requestsPerWindow;
      const address = addressOf(request.ip);
      const who = isDocument ? `documents:${address}` : (request.caller?.keyId ?? `address:${address}`);
      const { current, ttlMs } = counter.count(who, RATE_WINDOW_MS);
      void reply.headers({
        'ratelimit-limit': String(limit),
        'ratelimit-remaining': String(Math.max(0, limit - current)),
        'ratelimit-reset': secondsOf(ttlMs),
      });
      done(current <= limit ? undefined : tooMany('requests', ttlMs));
    });
  },
  { name: 'rate-limits', dependencies: ['auth', 'problems'] },
);
