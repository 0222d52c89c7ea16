import swagger from '@fastify/swagger';
import fp from 'fastify-plugin';
import { JSON_DOCUMENT, PUBLIC_DOCUMENT, publicDocument } from '../public-document';
import { documentPlugins } from './document-plugins';
import { documentationPages } from './documentation-pages';

const DESCRIPTION = `A checkout that happens once. Amounts are integers in minor units; problems are RFC 9457 with a stable \`code\`, listed under \`/problems\`.

## Idempotency-Key

Each \`POST /v1/checkouts\` needs exactly one \`Idempotency-Key\`: 8 to 255 characters of \`A-Z a-z 0-9 _ . : -\`. The same key and body get
the same bytes again, marked \`Idempotent-Replayed: true\`; a different body gets 422 \`idempotency-key-reused\`. Retry with the same key until you have an answer.`;

/** `/openapi.json` and its page at `/docs`, generated from the schemas that validate. Register before the routes. */
export const openapi = fp(
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: 'Durable Checkout', version: 'v1', description: DESCRIPTION },
        components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
        security: [{ apiKey: [] }],
      },
      transform: documentPlugins,
      refResolver: {
        buildLocalReference: ({ $id }, _base, _fragment, at) => (typeof $id === 'string' ? $id : `schema-${at}`),
      },
    });
    const sendJson = publicDocument(JSON_DOCUMENT, () => JSON.stringify(app.swagger()));
    await app.register(documentationPages, {
      '/docs/json': sendJson,
      '/docs/yaml': publicDocument('application/x-yaml', () => app.swagger({ yaml: true })),
    });
    app.get('/openapi.json', { config: PUBLIC_DOCUMENT, schema: { hide: true } }, sendJson);
  },
  { name: 'openapi' },
);
