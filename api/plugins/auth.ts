import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { KnownCaller, Scope } from '../../src/domain/api-keys';
import { addressOf } from '../caller-address';
import { PUBLIC_DOCUMENT } from '../public-document';
import { ApiError } from './problems';
import { RATE_WINDOW_MS, tooMany } from './rate-limits';
import type { RateLimitsOptions } from './rate-limits';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on public routes; elsewhere `callerOf` reads it. */
    caller: KnownCaller | null;
  }
  interface FastifyContextConfig {
    /** Who may call the route. A route without a rule does not boot. */
    access?: Scope | 'any-key' | 'public';
    /** Whether the route reads `Idempotency-Key`, for the documentation: the schema would refuse it in other words. */
    idempotencyKey?: 'required' | 'optional';
  }
}

export interface AuthOptions extends RateLimitsOptions {
  /**
   * Who an API key speaks for; at once where that is known. Where it was never right in this process, `mayTry` is asked before anything else
   * is: false makes it a wrong one.
   */
  findCaller: (apiKey: string, mayTry: () => boolean) => KnownCaller | undefined | Promise<KnownCaller | undefined>;
}

/** The pages of the API's own documentation, registered by a plugin that knows nothing of our rules. */
const DOCUMENTATION = /^\/docs(\/|$)/;
const MISTYPED = 50;
const WRONG_SHARE = 100;
const BEARER = /^Bearer ([\x21-\x7e]{8,255})$/;

/**
 * `Authorization: Bearer <api key>` decides tenant and scope. Missing, malformed, unknown and revoked keys get the same bytes, and 429 once an
 * address has sent too many of them, before Postgres is asked. Whose key is right and known to this process is never held up by others.
 */
export const auth = fp<AuthOptions>(
  async (app, { findCaller, counter, requestsPerWindow }) => {
    app.decorateRequest('caller', null);
    const wrongKeysPerWindow = wrongKeysOf(requestsPerWindow);

    app.addHook('onRoute', (route) => {
      if (DOCUMENTATION.test(route.url)) route.config = { ...route.config, ...PUBLIC_DOCUMENT };
      if (!route.config?.access) throw new Error(`Route ${String(route.method)} ${route.url} has no access rule`);
    });

    // With callbacks, because most keys are known at once: a promise for each request would cost as much as the rest of this.
    app.addHook('onRequest', (request, _reply, done) => {
      if (request.routeOptions.config.access === 'public' || request.is404) return done();
      let tried: { current: number; ttlMs: number } | undefined;
      const name = () => `wrong-keys:${addressOf(request.ip)}`;
      // Counted before anybody knows how it ends: a thousand at once are a thousand.
      const mayTry = () => {
        tried = counter.count(name(), RATE_WINDOW_MS);
        return tried.current <= wrongKeysPerWindow;
      };
      const admit = (caller: KnownCaller | undefined) => {
        request.caller = caller ?? null;
        if (tried && tried.current > wrongKeysPerWindow) return done(tooMany('wrong API keys', tried.ttlMs));
        if (caller && tried) counter.takeBack(name());
        done(caller ? undefined : unauthorized());
      };
      const apiKey = BEARER.exec(request.headers.authorization ?? '')?.[1];
      const caller = apiKey === undefined ? void mayTry() : findCaller(apiKey, mayTry);
      if (caller instanceof Promise) caller.then(admit, done);
      else admit(caller);
    });

    // Behind the limits: who is refused for his scope has asked as well.
    app.addHook('preParsing', (request, _reply, payload, done) => {
      const { access } = request.routeOptions.config;
      const allowed = access === 'public' || access === 'any-key' || request.is404 || request.caller?.scope === access;
      done(allowed ? null : new ApiError('forbidden', `This needs an API key with ${access} scope.`), payload);
    });
  },
  { name: 'auth', dependencies: ['problems'] },
);

/** An address may send a hundredth of what a key may ask, because each may cost a query, but where that is little as many as people mistype. */
const wrongKeysOf = (requestsPerWindow: number): number =>
  Math.min(requestsPerWindow, Math.max(MISTYPED, Math.floor(requestsPerWindow / WRONG_SHARE)));

const unauthorized = (): ApiError =>
  new ApiError('unauthorized', 'Send a valid API key as `Authorization: Bearer <api key>`.', {
    headers: { 'www-authenticate': 'Bearer' },
  });

/** Who calls a route that is not public. */
export function callerOf({ caller, url }: FastifyRequest): KnownCaller {
  if (!caller) throw new Error(`${url} was reached without a caller`);
  return caller;
}
