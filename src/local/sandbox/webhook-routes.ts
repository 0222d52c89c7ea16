import { Type } from '@sinclair/typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { isNestedDeeply, nestedDeeply } from '../../contract/nesting';
import { WebhookEvent } from './webhook-receiver';
import type { WebhookReceiver } from './webhook-receiver';

const params = Type.Object({ name: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' }) });
const Problem = Type.Object({ code: Type.String(), message: Type.String() });
const Nothing = Type.Null();

/** `POST /webhooks/:name` accepts an event; `PUT /webhooks/:name` sets the secret it must be signed with. */
export const webhookRoutes =
  (receiver: WebhookReceiver): FastifyPluginAsyncTypebox =>
  async (app) => {
    const Secret = Type.Object({ secret: Type.String({ pattern: '^whsec_[A-Za-z0-9+/=]{24,200}$' }) });
    const schema = { params, body: Secret, response: { 204: Nothing } };
    app.put('/webhooks/:name', { schema }, async (request, reply) => {
      receiver.learnSecret(request.params.name, request.body.secret);
      return reply.code(204).send(null);
    });

    await app.register(deliveries(receiver));
  };

/** A scope of its own, because here a body is kept as the bytes that were signed, beside the event they hold. */
const deliveries =
  (receiver: WebhookReceiver): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, raw, done) => {
      const text = raw.toString();
      if (isNestedDeeply(text)) return done(nestedDeeply());
      try {
        done(null, { raw, event: JSON.parse(text) as unknown });
      } catch (error) {
        done(Object.assign(error as Error, { statusCode: 400 }));
      }
    });
    const schema = {
      params,
      body: Type.Object({ raw: Type.Unsafe<Buffer>({}), event: WebhookEvent }),
      response: { 204: Nothing, 410: Problem, 503: Problem },
    };
    app.post('/webhooks/:name', { schema }, async (request, reply) => {
      const { status, lost } = await receiver.take({ ...request.params, ...request.body, headers: request.headers });
      if (lost) {
        reply.hijack();
        request.raw.socket.destroy();
        return reply;
      }
      if (status === 204) return reply.code(204).send(null);
      return reply.code(status).send({ code: 'fault-switch', message: 'Nothing was accepted' });
    });
  };
