import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ApiError, sendProblem } from './problems';

/**
 * Answers unknown routes: 404, or 405 with `Allow` if the path has other methods. After the rate limits, so that probing is limited too; before
 * the body, which nobody would read. Register it before the routes.
 */
export const unknownRoutes = fp(
  async (app) => {
    const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = [];
    app.addHook('onRoute', ({ url, method }) => {
      routes.push({ path: patternOf(url), methods: [method].flat() });
    });

    const refusalOf = (request: FastifyRequest): ApiError => {
      const path = request.url.split('?', 1)[0] ?? request.url;
      const methods = routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods);
      const sentence = `There is no ${request.method} ${path}.`;
      if (methods.length === 0) return new ApiError('not-found', sentence);
      return new ApiError('method-not-allowed', sentence, { headers: { allow: [...new Set(methods)].join(', ') } });
    };
    // The documentation's file server finds a file missing only after this hook.
    app.setNotFoundHandler(({ method, url }, reply) => {
      sendProblem(reply, new ApiError('not-found', `There is no ${method} ${url.split('?', 1)[0]}.`));
    });
    app.addHook('preParsing', (request, _reply, _payload, done) => {
      done(request.is404 ? refusalOf(request) : null);
    });
  },
  { name: 'unknown-routes', dependencies: ['problems'] },
);

/** A route's path, with its parameters and wildcards as patterns. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replaceAll('.', '\\.')
      .replace(/:[^/]+/g, '[^/]+')
      .replaceAll('*', '.*')}$`,
  );
