import type { FastifyPluginAsync } from 'fastify';
import { asyncApi } from '../../src/outbox/contract/asyncapi';
import { JSON_DOCUMENT, PUBLIC_DOCUMENT, publicDocument } from '../public-document';

/** `/asyncapi.json`: what is announced, and how it reads. */
export const asyncApiRoute: FastifyPluginAsync = async (app) => {
  const send = publicDocument(JSON_DOCUMENT, () => JSON.stringify(asyncApi()));
  app.get('/asyncapi.json', { config: PUBLIC_DOCUMENT, schema: { hide: true } }, send);
};
