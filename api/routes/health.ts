import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';

export interface HealthOptions {
  /** The state of the stores the API needs. */
  health: () => Promise<Static<typeof HealthSchema>>;
}

const HealthSchema = Type.Object({
  ready: Type.Boolean(),
  postgres: Type.String(),
  schema: Type.String({ description: 'current, missing, older, newer, or unknown while Postgres is down' }),
  temporal: Type.String(),
  redis: Type.String(),
  problems: Type.Array(Type.String(), { description: 'What is wrong, one sentence each' }),
});

/** `/healthz`: the process answers. `/readyz`: it can accept checkouts. */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthOptions> = async (app, { health }) => {
  const config = { access: 'public' as const };

  app.get(
    '/healthz',
    {
      config,
      schema: {
        summary: 'Is the process alive?',
        security: [],
        response: { 200: Type.Object({ ok: Type.Boolean() }) },
      },
    },
    async () => ({ ok: true }),
  );

  app.get(
    '/readyz',
    {
      config,
      schema: {
        summary: 'Can checkouts be accepted?',
        security: [],
        response: { 200: HealthSchema, 503: HealthSchema },
      },
    },
    async (_request, reply) => {
      const report = await health();
      return reply.code(report.ready ? 200 : 503).send(report);
    },
  );
};
