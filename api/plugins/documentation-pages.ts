import helmet from '@fastify/helmet';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, sendProblem } from './problems';

/** Scripts and styles come only from us, and the page talks only to this API. */
const PAGE_POLICY = [
  ...["default-src 'none'", "script-src 'self'", "connect-src 'self'", "font-src 'self' data:", "img-src 'self' data:"],
  // Swagger UI writes inline styles.
  "style-src 'self' 'unsafe-inline'",
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

const notFound = () => new ApiError('not-found', 'There is no such page: see /docs.');

type Handler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * `/docs`: the documentation as a page that can send requests. Whatever its file server rejects is a 404. `documents` answer what it would
 * generate again for each request.
 */
export const documentationPages: FastifyPluginAsync<Readonly<Record<string, Handler>>> = async (pages, documents) => {
  pages.addHook('onRequest', (request, reply, done) => {
    void reply.header('content-security-policy', PAGE_POLICY);
    // The files are small, so ranges are not served.
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
