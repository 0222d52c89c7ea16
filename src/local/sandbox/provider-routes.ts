import { Type } from '@sinclair/typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Provider } from './provider';

/** `<checkout id>:<step>`. A header that is sent twice arrives joined by a comma, which does not match either. */
const KEY_PATTERN = '^[A-Za-z0-9_.-]{1,200}:[a-z-]{1,50}$';

const Headers = Type.Object({ 'idempotency-key': Type.String({ pattern: KEY_PATTERN }) });
const Problem = Type.Object({ code: Type.String(), message: Type.String() });

/** One POST route for each operation of a provider. */
export const providerRoutes =
  (provider: Provider): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const operation of provider.operations) {
      const response = { 200: operation.answer, 409: Problem, 500: Problem, 503: Problem };
      const schema = { headers: Headers, body: operation.body, response };
      app.post(`/${provider.name}${operation.path}`, { schema }, async (request, reply) => {
        const { status, answer, lost } = await provider.perform(
          operation,
          request.headers['idempotency-key'],
          request.body,
        );
        if (!lost) return reply.code(status).send(answer);
        reply.hijack();
        request.raw.socket.destroy();
        return reply;
      });
    }
  };
