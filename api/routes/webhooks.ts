import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Endpoint, WebhookEndpoints } from '../../src/webhooks/endpoints';
import { BODY_LIMIT } from '../body-limits';
import { callerOf } from '../plugins/auth';
import { ApiError, PROBLEM_ADVICE } from '../plugins/problems';
import { pathId } from '../schemas/text';
import { WebhookSchema, WebhookWithSecretSchema } from '../schemas/webhook';

const LONGEST_URL = 2_000;
const Problem = Type.Ref('Problem');
const params = Type.Object({ id: pathId() });
const config = { access: 'merchant' as const };

// The same words for another tenant's webhook, so that no answer gives it away.
const notFound = () => new ApiError('not-found', 'There is no webhook with this id.');

/** `/v1/webhooks`: where a tenant wants its events sent. */
export const webhookRoutes: FastifyPluginAsyncTypebox<{ webhooks: WebhookEndpoints }> = async (app, { webhooks }) => {
  app.post(
    '/v1/webhooks',
    {
      bodyLimit: BODY_LIMIT.sentence,
      config,
      schema: {
        summary: 'Have your events sent to a URL. Asking again returns the same endpoint with its secret',
        body: Type.Object(
          { url: Type.String({ minLength: 1, maxLength: LONGEST_URL, examples: ['https://shop.example.com/hooks'] }) },
          { additionalProperties: false },
        ),
        response: {
          ...{ 200: WebhookWithSecretSchema, 201: WebhookWithSecretSchema },
          ...{ 409: Problem, 422: Problem },
        },
      },
    },
    async (request, reply) => {
      const creation = await webhooks.create(callerOf(request).tenant, request.body.url);
      if (creation.outcome === 'refused') throw new ApiError('webhook-address-refused', creation.sentence);
      if (creation.outcome === 'too-many') throw new ApiError('too-many-webhooks', PROBLEM_ADVICE['too-many-webhooks']);
      const { id, url, secret, createdAt } = creation.endpoint;
      void reply.code(creation.outcome === 'created' ? 201 : 200).header('location', `/v1/webhooks/${id}`);
      return { id, url, secret, createdAt: createdAt.toISOString() };
    },
  );

  app.get(
    '/v1/webhooks',
    {
      config,
      schema: {
        summary: 'Where your events are sent, oldest first',
        response: {
          200: Type.Object({ webhooks: Type.Array(WebhookSchema) }),
        },
      },
    },
    async (request) => ({ webhooks: (await webhooks.list(callerOf(request).tenant)).map(withoutSecret) }),
  );

  app.get(
    '/v1/webhooks/:id',
    {
      config,
      schema: {
        summary: 'One endpoint',
        params,
        response: { 200: WebhookSchema, 404: Problem },
      },
    },
    async (request) => {
      const endpoint = await webhooks.find(callerOf(request).tenant, request.params.id);
      if (!endpoint) throw notFound();
      return withoutSecret(endpoint);
    },
  );

  app.delete(
    '/v1/webhooks/:id',
    {
      config,
      schema: {
        summary: 'Stop sending there, and drop what still waits for it',
        params,
        response: { 204: Type.Null(), 404: Problem },
      },
    },
    async (request, reply) => {
      if (!(await webhooks.remove(callerOf(request).tenant, request.params.id))) throw notFound();
      return reply.code(204).send(null);
    },
  );
};

/** Reading endpoints must not be enough to forge events: only creating one returns its secret. */
const withoutSecret = ({ id, url, createdAt, disabledAt, disabledWhy }: Endpoint) => ({
  id,
  url,
  createdAt: createdAt.toISOString(),
  disabledAt: disabledAt?.toISOString() ?? null,
  disabledWhy,
});
