import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ApiError, sendProblem } from './problems';

/**
 * What is not there: 404, or 405 with `Allow` where another method is. After the limits, so that nobody looks around for nothing; before
 * the body, which nobody would read. Register before the routes.
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
    // A file server that has no such file says so only once the request is in its hands.
    app.setNotFoundHandler(({ method, url }, reply) => {
      sendProblem(reply, new ApiError('not-found', `There is no ${method} ${url.split('?', 1)[0]}.`));
    });
    app.addHook('preParsing', (request, _reply, _payload, done) => {
      done(request.is404 ? refusalOf(request) : null);
    });
  },
  { name: 'unknown-routes', dependencies: ['problems'] },
);

/** A route's address with what stands for anything in it. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replaceAll('.', '\\.')
      .replace(/:[^/]+/g, '[^/]+')
      .replaceAll('*', '.*')}$`,
  );
