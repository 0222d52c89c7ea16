import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';

export type Health = 'up' | 'down' | 'off';

export interface HealthOptions {
  /** The state of what the API stands on. Only Postgres is needed to accept: the others may come back later. */
  health: () => Promise<{ postgres: Health; temporal: Health; redis: Health }>;
}

const HealthSchema = Type.Object({
  ready: Type.Boolean(),
  postgres: Type.String(),
  temporal: Type.String(),
  redis: Type.String(),
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
      const parts = await health();
      const ready = parts.postgres === 'up';
      return reply.code(ready ? 200 : 503).send({ ready, ...parts });
    },
  );
};
