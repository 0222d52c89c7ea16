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
    /** Null on public routes. On others, read it with `callerOf`. */
    caller: KnownCaller | null;
  }
  interface FastifyContextConfig {
    /** Who may call the route. A route without a rule does not boot. */
    access?: Scope | 'any-key' | 'public';
    /** Whether the route reads `Idempotency-Key`, for the documentation only: in the schema, its refusal would read differently. */
    idempotencyKey?: 'required' | 'optional';
  }
}

export interface AuthOptions extends RateLimitsOptions {
  /**
   * The caller of an API key, synchronously if it is known. For a key that has never been right in this process, `mayTry` is asked first: if it
   * says false, the key counts as wrong.
   */
  findCaller: (apiKey: string, mayTry: () => boolean) => KnownCaller | undefined | Promise<KnownCaller | undefined>;
}

/** The documentation pages, registered by a plugin that does not know our rules. */
const DOCUMENTATION = /^\/docs(\/|$)/;
const MISTYPED = 50;
const WRONG_SHARE = 100;
const BEARER = /^Bearer ([\x21-\x7e]{8,255})$/;

/**
 * `Authorization: Bearer <api key>` decides tenant and scope. Missing, malformed, unknown and revoked keys get the same answer, and 429 once an
 * address has sent too many of them, before Postgres is asked. A right key that this process knows is never affected by other callers.
 */
export const auth = fp<AuthOptions>(
  async (app, { findCaller, counter, requestsPerWindow }) => {
    app.decorateRequest('caller', null);
    const wrongKeysPerWindow = wrongKeysOf(requestsPerWindow);

    app.addHook('onRoute', (route) => {
      if (DOCUMENTATION.test(route.url)) route.config = { ...route.config, ...PUBLIC_DOCUMENT };
      if (!route.config?.access) throw new Error(`Route ${String(route.method)} ${route.url} has no access rule`);
    });

    // Callbacks, because most keys are known: a promise for each request would cost as much as the rest of this hook.
    app.addHook('onRequest', (request, _reply, done) => {
      if (request.routeOptions.config.access === 'public' || request.is404) return done();
      let tried: { current: number; ttlMs: number } | undefined;
      const name = () => `wrong-keys:${addressOf(request.ip)}`;
      // Counted before the result is known, so that a thousand concurrent attempts count as a thousand.
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

    // After the rate limits: a request that is refused for its scope counts too.
    app.addHook('preParsing', (request, _reply, payload, done) => {
      const { access } = request.routeOptions.config;
      const allowed = access === 'public' || access === 'any-key' || request.is404 || request.caller?.scope === access;
      done(allowed ? null : new ApiError('forbidden', `This needs an API key with ${access} scope.`), payload);
    });
  },
  { name: 'auth', dependencies: ['problems'] },
);

/** An address may send a hundredth of a key's limit, because each attempt may cost a query; but never fewer than people mistype. */
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
