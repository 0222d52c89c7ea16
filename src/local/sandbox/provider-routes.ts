import { Type } from '@sinclair/typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KEY_PATTERN, PROTOCOL, rolePath } from '../../adapters/http/protocol/protocol';
import { checkSignatures } from './check-signatures';
import { responseOf, verbOf } from './operation';
import { pathOfPage } from './payment-page-routes';
import type { Provider } from './provider';
import type { Reply } from './reply';

const Headers = Type.Object({ 'idempotency-key': Type.String({ pattern: KEY_PATTERN }) });
const Problem = Type.Object({ code: Type.String(), message: Type.String() });

/** The routes of one role of the HTTP provider protocol. */
export const providerRoutes =
  (provider: Provider, secret: string | undefined): FastifyPluginAsyncTypebox =>
  async (app) => {
    const path = rolePath(provider.name);
    app.get(path, { schema: { response: { 204: Type.Null() } } }, async (_request, reply) =>
      reply.code(204).send(null),
    );

    if (secret !== undefined) checkSignatures(app, { secret, role: provider.name });
    for (const operation of provider.operations) {
      const schema = schemaOf(operation.protocol);
      app.post(`${path}/${operation.verb}`, { schema }, async (request, reply) =>
        answer(request, reply, await provider.perform(operation, keyOf(request), request.body), operation.reference),
      );
    }
    // The step of the role is its first operation.
    const [step] = provider.operations;
    if (!step || !('find' in PROTOCOL[provider.name])) return;
    app.post(`${path}/find`, { schema: schemaOf(verbOf(provider.name, 'find')) }, async (request, reply) =>
      answer(request, reply, await provider.find(step, keyOf(request)), step.reference),
    );
  };

const schemaOf = (protocol: Parameters<typeof responseOf>[0]) => ({
  ...{ headers: Headers, body: protocol.request },
  response: { 200: responseOf(protocol), 409: Problem, 500: Problem, 503: Problem },
});

const keyOf = ({ headers }: FastifyRequest): string => headers['idempotency-key'] as string;

function answer(request: FastifyRequest, reply: FastifyReply, { status, answer: given, lost }: Reply, id?: string) {
  if (!lost) return reply.code(status).send(withAddress(request, withReference(given, id)));
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

/** Each kind of id is a fact of its own in the journals, and a `reference` to callers. */
const withReference = (given: object, id: string | undefined): object =>
  id !== undefined && id in given ? { ...given, reference: (given as Record<string, unknown>)[id] } : given;

/** Callers get the whole address of a page; the journal keeps its id, because another start may listen elsewhere. */
const withAddress = ({ protocol, host }: FastifyRequest, given: object): object =>
  'page' in given ? { ...given, url: `${protocol}://${host}${pathOfPage(String(given.page))}` } : given;
