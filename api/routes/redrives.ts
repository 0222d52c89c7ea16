import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { OutboxOperations } from '../../src/outbox/operations';
import { BODY_LIMIT } from '../body-limits';
import { callerOf } from '../plugins/auth';
import { keyOf } from '../plugins/key-of-request';
import { ApiError } from '../plugins/problems';
import { RedriveAnswerSchema, RedrivePlanSchema, RedriveProgressSchema } from '../schemas/outbox';
import { pathId, sentence } from '../schemas/text';

const Problem = Type.Ref('Problem');
const config = { access: 'operator' as const };
/** A redrive's id is its Idempotency-Key. */
const params = Type.Object({ id: pathId(255) });
const name = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength, pattern: '^[\\w-]+$' }));

const notFound = () => new ApiError('not-found', 'There is no redrive with this id.');

type Redrives = Pick<OutboxOperations, 'plan' | 'redrive' | 'progress' | 'stop'>;

/** `/v1/ops/outbox/redrive…`: has dead letters delivered again. */
export const redriveRoutes: FastifyPluginAsyncTypebox<{ outbox: Redrives }> = async (app, { outbox }) => {
  app.post(
    '/v1/ops/outbox/redrive',
    {
      bodyLimit: BODY_LIMIT.sentence,
      config: { ...config, idempotencyKey: 'optional' },
      schema: {
        summary:
          'Deliver dead letters again, each order in its order; once for each Idempotency-Key. `plan`: only say which',
        body: Type.Object(
          {
            sink: name(64),
            target: name(64),
            checkoutId: name(64),
            reason: sentence(500),
            plan: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
        response: {
          ...{ 200: RedrivePlanSchema, 202: RedriveAnswerSchema },
          ...{ 422: Problem },
        },
      },
    },
    async (request, reply) => {
      const { sink = null, target = null, checkoutId = null, reason, plan = false } = request.body;
      const selection = { sink, target, checkoutId };
      if (plan) return outbox.plan(selection);
      const id = keyOf(request);
      const answer = await outbox.redrive(id, { ...selection, reason, operator: callerOf(request).keyId });
      if (answer.outcome === 'reused') {
        throw new ApiError('idempotency-key-reused', 'This key asked for another redrive: use a new one.');
      }
      void reply.code(202).header('location', `/v1/ops/outbox/redrives/${id}`);
      return { id, total: answer.total, more: answer.more };
    },
  );

  app.get(
    '/v1/ops/outbox/redrives/:id',
    {
      config,
      schema: {
        summary: 'How far a redrive has got, in events',
        params,
        response: { 200: RedriveProgressSchema, 404: Problem },
      },
    },
    async (request) => {
      const progress = await outbox.progress(request.params.id);
      if (!progress) throw notFound();
      return progress;
    },
  );

  app.post(
    '/v1/ops/outbox/redrives/:id/stop',
    {
      config,
      schema: {
        summary: 'Stop a redrive: what was not tried yet is dead again',
        params,
        response: { 200: RedriveProgressSchema, 404: Problem },
      },
    },
    async (request) => {
      const progress = await outbox.stop(request.params.id, callerOf(request).keyId);
      if (!progress) throw notFound();
      return progress;
    },
  );
};
