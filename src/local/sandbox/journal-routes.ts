import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';

/** Keeps a journal, under its name in the route. */
export interface Journalist {
  readonly name: string;
  readonly journal: { read(): Readable };
}

/** A line's key: in a provider's journal it is stored; a receiver's is built the way the fault switches build it. */
const keyOf = (line: Partial<Record<'key' | 'name' | 'subject', string>>): string =>
  line.key ?? `${line.name}:${line.subject}`;

async function* linesOf(journal: Journalist['journal'], keyPrefix: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: journal.read(), crlfDelay: Infinity })) {
    if (keyOf(JSON.parse(line) as Parameters<typeof keyOf>[0]).startsWith(keyPrefix)) yield `${line}\n`;
  }
}

/** The journals as JSON lines, for observers and for people. `?key=` takes a prefix. */
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
      if (!asked) return reply.code(404).send({ code: 'no-such-provider', message: 'No such provider' });
      const lines = key === undefined ? asked.journal.read() : Readable.from(linesOf(asked.journal, key));
      return reply.type('application/x-ndjson').send(lines);
    });
  };
