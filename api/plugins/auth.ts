import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { KnownCaller, Scope } from '../../src/domain/api-keys';
import { PUBLIC_DOCUMENT } from '../public-document';
import { ApiError } from './problems';

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

export interface AuthOptions {
  /** Who an API key speaks for; at once where that is known. */
  findCaller: (apiKey: string) => KnownCaller | undefined | Promise<KnownCaller | undefined>;
}

/** The pages of the API's own documentation, registered by a plugin that knows nothing of our rules. */
const DOCUMENTATION = /^\/docs(\/|$)/;
const BEARER = /^Bearer ([\x21-\x7e]{8,255})$/;

/** `Authorization: Bearer <api key>` decides tenant and scope. Missing, malformed, unknown and revoked keys get the same bytes. */
export const auth = fp<AuthOptions>(
  async (app, { findCaller }) => {
    app.decorateRequest('caller', null);

    app.addHook('onRoute', (route) => {
      if (DOCUMENTATION.test(route.url)) route.config = { ...route.config, ...PUBLIC_DOCUMENT };
      if (!route.config?.access) throw new Error(`Route ${String(route.method)} ${route.url} has no access rule`);
    });

    // With callbacks, because most keys are known at once: a promise for each request would cost as much as the rest of this.
    app.addHook('onRequest', (request, _reply, done) => {
      const { access } = request.routeOptions.config;
      if (access === 'public' || request.is404) return done();
      const admit = (caller: KnownCaller | undefined) => {
        request.caller = caller ?? null;
        done(rejection(caller, access));
      };
      const apiKey = BEARER.exec(request.headers.authorization ?? '')?.[1];
      const caller = apiKey === undefined ? undefined : findCaller(apiKey);
      if (caller instanceof Promise) caller.then(admit, done);
      else admit(caller);
    });
  },
  { name: 'auth', dependencies: ['problems'] },
);

function rejection(caller: KnownCaller | undefined, access: Scope | 'any-key' | undefined): ApiError | undefined {
  if (!caller) {
    return new ApiError('unauthorized', 'Send a valid API key as `Authorization: Bearer <api key>`.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  if (access === 'any-key' || caller.scope === access) return undefined;
  return new ApiError('forbidden', `This needs an API key with ${access} scope.`);
}

/** Who calls a route that is not public. */
export function callerOf({ caller, url }: FastifyRequest): KnownCaller {
  if (!caller) throw new Error(`${url} was reached without a caller`);
  return caller;
}
