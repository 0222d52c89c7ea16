import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import type { Subject } from '../../src/checkouts/operators/tenant-of';
import type { OutboxOperations } from '../../src/outbox/operators/operations';
import { BODY_LIMIT } from '../body-limits';
import { callerOf } from '../plugins/auth';
import { keyOf } from '../idempotency/key-of-request';
import { ApiError } from '../plugins/problems';
import { RedriveAnswerSchema, RedrivePlanSchema, RedriveProgressSchema } from '../schemas/outbox';
import { sentence } from '../schemas/text';
import { errandPath, followErrand } from './follow-errand';

const Problem = Type.Ref('Problem');
const name = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength, pattern: '^[\\w-]+$' }));

/** Without either it is a whole sink, which concerns every tenant. */
function whatIsRedriven({ body }: FastifyRequest): readonly Subject[] {
  const { checkoutId, target } = body as { checkoutId?: string; target?: string };
  return [
    ...(checkoutId === undefined ? [] : [{ kind: 'checkout', id: checkoutId } as const]),
    ...(target === undefined ? [] : [{ kind: 'webhook', id: target } as const]),
  ];
}

type Redrives = Pick<OutboxOperations, 'planRedrive' | 'redrive' | 'redriveProgress' | 'stopRedrive'>;

/** `/v1/ops/outbox/redrive…`: delivers dead letters again. */
export const redriveRoutes: FastifyPluginAsyncTypebox<{ outbox: Redrives }> = async (app, { outbox }) => {
  app.post(
    '/v1/ops/outbox/redrive',
    {
      bodyLimit: BODY_LIMIT.sentence,
      config: { access: 'operator', concerns: whatIsRedriven, idempotencyKey: 'optional' },
      schema: {
        summary:
          'Deliver dead letters again, each order in sequence; once for each Idempotency-Key. `plan`: only say which',
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
      if (plan) return outbox.planRedrive(selection);
      const id = keyOf(request);
      const answer = await outbox.redrive(id, { ...selection, reason, operator: callerOf(request).keyId });
      if (answer.outcome === 'reused') {
        throw new ApiError('idempotency-key-reused', 'This key was used for a different redrive: use a new one.');
      }
      void reply.code(202).header('location', errandPath('redrive', id));
      return { id, total: answer.total, more: answer.more };
    },
  );

  followErrand(app, {
    name: 'redrive',
    stopping: 'events that were not tried yet are dead again',
    schema: RedriveProgressSchema,
    progress: outbox.redriveProgress,
    stop: outbox.stopRedrive,
  });
};
