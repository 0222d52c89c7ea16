import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { OutboxOperations } from '../../src/outbox/operators/operations';
import { callerOf } from '../plugins/auth';
import { listOf } from '../schemas/list-of';
import { ParkedEventSchema, ParkedStateSchema, SinkSchema } from '../schemas/outbox';
import { decodeParkedCursor, encodeParkedCursor } from './parked-cursor';

const MOST_ON_A_PAGE = 100;

type Outbox = Pick<OutboxOperations, 'outboxLag' | 'listParked' | 'sinkWarnings'>;

/** `/v1/ops/outbox`: how far each sink has got, and what it did not accept. */
export const outboxRoutes: FastifyPluginAsyncTypebox<{ outbox: Outbox }> = async (app, { outbox }) => {
  app.get(
    '/v1/ops/outbox',
    {
      config: { access: 'operator', concerns: 'every-tenant' },
      schema: {
        summary: 'How far each sink is behind, how fast it is, and what it did not accept',
        response: {
          200: Type.Object({
            sinks: listOf(SinkSchema),
            warnings: Type.Array(Type.Object({ sink: Type.String(), warning: Type.String() }), {
              description: 'Sinks that may lose events as they are configured',
            }),
          }),
        },
      },
    },
    async () => ({ sinks: await outbox.outboxLag(), warnings: await outbox.sinkWarnings() }),
  );

  app.get(
    '/v1/ops/outbox/dead-letters',
    {
      config: { access: 'operator', concerns: 'what-it-lists' },
      schema: {
        summary: 'Events that a sink did not accept, grouped by order and in sequence',
        querystring: Type.Object(
          {
            sink: Type.Optional(Type.String({ maxLength: 64, pattern: '^[\\w-]+$' })),
            state: Type.Optional(ParkedStateSchema),
            limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|100)$', description: '1 to 100, default 100' })),
            cursor: Type.Optional(Type.String({ maxLength: 300, description: '`next` of the previous page' })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            deadLetters: listOf(ParkedEventSchema),
            next: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async (request) => {
      const { sink, state, limit, cursor } = request.query;
      const { events, next } = await outbox.listParked({
        tenant: callerOf(request).tenant,
        sink: sink ?? null,
        state: state ?? 'dead',
        limit: Number(limit ?? MOST_ON_A_PAGE),
        after: cursor === undefined ? null : decodeParkedCursor(cursor),
      });
      return { deadLetters: events, next: next && encodeParkedCursor(next) };
    },
  );
};
