import fp from 'fastify-plugin';
import { ApiError, PROBLEM_ADVICE } from './problems';

const PLAIN = /^[ \t]*(identity[ \t]*)?$/i;
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Refuses what Node would answer without a problem document, or silently accept. */
export const plainRequests = fp(
  async (app) => {
    app.addHook('onRequest', ({ raw }, _reply, done) => {
      // Node's own check is off, because its answer would have no body.
      const missing = raw.httpVersion === '1.1' && raw.headers.host === undefined;
      done(missing ? new ApiError('invalid-http', PROBLEM_ADVICE['invalid-http']) : undefined);
    });
    // Before the body is read, which would be taken for plain bytes. The body of a GET is not read at all.
    app.addHook('preParsing', ({ method, headers }, _reply, _payload, done) => {
      if (BODILESS.has(method) || PLAIN.test(headers['content-encoding'] ?? '')) return done(null);
      done(
        new ApiError('unsupported-media-type', 'Send the body without a Content-Encoding.', {
          headers: { 'accept-encoding': 'identity' },
        }),
      );
    });
  },
  { name: 'plain-requests', dependencies: ['problems'] },
);
