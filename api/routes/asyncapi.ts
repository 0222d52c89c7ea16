import type { FastifyPluginAsync } from 'fastify';
import { asyncApi } from '../../src/event-contract/asyncapi';

/** `/asyncapi.json`: what is announced, and how it reads. */
export const asyncApiRoute: FastifyPluginAsync = async (app) => {
  const document = JSON.stringify(asyncApi());
  app.get('/asyncapi.json', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document),
  );
};
