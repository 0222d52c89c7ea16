import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyError, FastifyInstance } from 'fastify';
import { decodeRoute } from './decode-route';
import type { Decode } from './decode-route';
import { onlyFewParts } from './few-parts';
import { originGuard } from './origin-guard';
import { tokenGuard } from './token-guard';

/** Temporal takes no payload above 2 MiB, and base64 makes that a third longer. */
const BODY_LIMIT = 4 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than any token: one that is too long is wrong, not a malformed address. */
const LONGEST_PARAMETER = 256;

export interface CodecServerOptions {
  readonly decode: Decode;
  /** Whether `decode` failed because of what it was given. Such a message is shown. */
  readonly isUnreadable: (error: unknown) => boolean;
  readonly token: string;
  /** Of the Web UI. Requests that name no origin come from no browser. */
  readonly origins: readonly string[];
  readonly logger?: FastifyBaseLogger;
}

/** Shows decrypted payloads to those who may see them. Does not listen yet. */
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
    // Some versions of the Web UI put a slash behind the endpoint's own, others need that one.
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: LONGEST_PARAMETER },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
  });
  // Fastify's own: pages may send text anywhere without asking first.
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
    request.log.error({ err: error }, 'a call failed');
    return reply.code(status).send({ code: 'internal-error', message: 'Something is broken on our side' });
  });
  return app;
}
