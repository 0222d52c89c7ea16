import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Entry } from './entry';
import type { Journal } from './journal';
import type { Provider } from './provider';

async function* linesOf(journal: Journal, keyPrefix: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: journal.read(), crlfDelay: Infinity })) {
    if ((JSON.parse(line) as Entry).key.startsWith(keyPrefix)) yield `${line}\n`;
  }
}

/** The journals as JSON lines, for observers and for people. `?key=` takes the beginning of a key. */
export const journalRoutes =
  (providers: readonly Provider[]): FastifyPluginAsyncTypebox =>
  async (app) => {
    const schema = {
      params: Type.Object({ provider: Type.String() }),
      querystring: Type.Object({ key: Type.Optional(Type.String()) }, { additionalProperties: false }),
    };
    app.get('/journal/:provider', { schema }, async (request, reply) => {
      const { provider, key } = { ...request.params, ...request.query };
      const asked = providers.find(({ name }) => name === provider);
      if (!asked) return reply.code(404).send({ code: 'no-such-provider', message: 'No provider of that name' });
      const lines = key === undefined ? asked.journal.read() : Readable.from(linesOf(asked.journal, key));
      return reply.type('application/x-ndjson').send(lines);
    });
  };
