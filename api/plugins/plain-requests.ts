import fp from 'fastify-plugin';
import { ApiError, PROBLEM_ADVICE } from './problems';

const PLAIN = /^[ \t]*(identity[ \t]*)?$/i;
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** What Node would answer without a problem document, and what it would pass over in silence. */
export const plainRequests = fp(
  async (app) => {
    app.addHook('onRequest', ({ raw }, _reply, done) => {
      // Node is told not to look itself: its answer would be an empty one.
      const missing = raw.httpVersion === '1.1' && raw.headers.host === undefined;
      done(missing ? new ApiError('invalid-http', PROBLEM_ADVICE['invalid-http']) : undefined);
    });
    // Before the body, which nobody would read as what it is. One that comes with a GET is not read at all.
    app.addHook('preParsing', ({ method, headers }, _reply, _payload, done) => {
      if (BODILESS.has(method) || PLAIN.test(headers['content-encoding'] ?? '')) return done(null);
      done(
        new ApiError('unsupported-media-type', 'Send the body as it is, without a Content-Encoding.', {
          headers: { 'accept-encoding': 'identity' },
        }),
      );
    });
  },
  { name: 'plain-requests', dependencies: ['problems'] },
);
