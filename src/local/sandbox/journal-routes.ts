import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';

/** Whoever keeps a journal, under the name that the route has. */
export interface Journalist {
  readonly name: string;
  readonly journal: { read(): Readable };
}

/** A line's key: a provider's is written down, a receiver's is put together as the fault switches see it. */
const keyOf = (line: Partial<Record<'key' | 'name' | 'subject', string>>): string =>
  line.key ?? `${line.name}:${line.subject}`;

async function* linesOf(journal: Journalist['journal'], keyPrefix: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: journal.read(), crlfDelay: Infinity })) {
    if (keyOf(JSON.parse(line) as Parameters<typeof keyOf>[0]).startsWith(keyPrefix)) yield `${line}\n`;
  }
}

/** The journals as JSON lines, for observers and for people. `?key=` takes the beginning of a key. */
export const journalRoutes =
  (journalists: readonly Journalist[]): FastifyPluginAsyncTypebox =>
  async (app) => {
    const schema = {
      params: Type.Object({ provider: Type.String() }),
      querystring: Type.Object({ key: Type.Optional(Type.String()) }, { additionalProperties: false }),
    };
    app.get('/journal/:provider', { schema }, async (request, reply) => {
      const { provider, key } = { ...request.params, ...request.query };
      const asked = journalists.find(({ name }) => name === provider);
      if (!asked) return reply.code(404).send({ code: 'no-such-provider', message: 'No provider of that name' });
      const lines = key === undefined ? asked.journal.read() : Readable.from(linesOf(asked.journal, key));
      return reply.type('application/x-ndjson').send(lines);
    });
  };
