import helmet from '@fastify/helmet';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, sendProblem } from './problems';

/** Its scripts and styles come from us and from nowhere else, and it talks to nobody but this API. */
const PAGE_POLICY = [
  ...["default-src 'none'", "script-src 'self'", "connect-src 'self'", "font-src 'self' data:", "img-src 'self' data:"],
  // Swagger UI writes styles into what it draws.
  "style-src 'self' 'unsafe-inline'",
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

const notFound = () => new ApiError('not-found', 'There is no such page: see /docs.');

type Handler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * `/docs`: the documentation as a page that one can ask from. What its file server does not like is a 404. What it would make anew for each
 * request, `documents` answer.
 */
export const documentationPages: FastifyPluginAsync<Readonly<Record<string, Handler>>> = async (pages, documents) => {
  pages.addHook('onRequest', (request, reply, done) => {
    void reply.header('content-security-policy', PAGE_POLICY);
    // Whole files are small, so that parts of them are not served.
    delete request.headers.range;
    done();
  });
  pages.addHook('preHandler', (request, reply, done) => {
    const send = documents[request.routeOptions.url ?? ''];
    if (send) send(request, reply);
    else done();
  });
  pages.setErrorHandler<FastifyError>((error, _request, reply) => {
    if (error instanceof ApiError || (error.statusCode ?? 500) >= 500 || error.statusCode === 429) throw error;
    sendProblem(reply, notFound());
  });
  // TLS ends in front of this process, so it promises nothing about https: the pages must work over plain loopback.
  await pages.register(helmet, { strictTransportSecurity: false, contentSecurityPolicy: false });
  await pages.register(swaggerUi, { routePrefix: '/docs' });
};
