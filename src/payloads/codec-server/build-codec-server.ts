import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyError, FastifyInstance } from 'fastify';
import { decodeRoute } from './decode-route';
import type { Decode } from './decode-route';
import { onlyFewParts } from './few-parts';
import { originGuard } from './origin-guard';
import { tokenGuard } from './token-guard';

/** Temporal accepts payloads of up to 2 MiB, and base64 adds a third. */
const BODY_LIMIT = 4 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than any token, so that one that is too long is answered as wrong, not as a malformed address. */
const LONGEST_PARAMETER = 256;

export interface CodecServerOptions {
  readonly decode: Decode;
  /** Whether `decode` failed because of its input. The client sees that message. */
  readonly isUnreadable: (error: unknown) => boolean;
  readonly token: string;
  /** Where the Web UI is served. A request without an origin does not come from a browser. */
  readonly origins: readonly string[];
  readonly logger?: FastifyBaseLogger;
}

/** Builds the server; it does not listen yet. */
export function buildCodecServer({
  decode,
  isUnreadable,
  token,
  origins,
  logger,
}: CodecServerOptions): FastifyInstance {
  const app = Fastify({
    ...(logger ? { loggerInstance: logger } : {}),
    // The address holds the token.
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    // Some versions of the Web UI add a slash to the endpoint, and others need one at its end.
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: LONGEST_PARAMETER },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
  });
  // Browsers let pages send plain text to any host without a preflight.
  app.removeContentTypeParser('text/plain');
  onlyFewParts(app);
  app.addHook('onRequest', originGuard(origins));
  app.addHook('onRequest', tokenGuard(token));
  void app.register(decodeRoute(decode));

  app.setNotFoundHandler(async (_, reply) => reply.code(404).send({ code: 'not-found', message: 'Only POST /decode' }));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (isUnreadable(error)) return reply.code(422).send({ code: 'unreadable-payload', message: error.message });
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ code: error.code, message: error.message });
    request.log.error({ err: error }, 'a request failed');
    return reply.code(status).send({ code: 'internal-error', message: 'Something is broken on our side' });
  });
  return app;
}
