import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { OutboxOperations } from '../../src/outbox/operations';
import { BODY_LIMIT } from '../body-limits';
import { callerOf } from '../plugins/auth';
import { keyOf } from '../plugins/key-of-request';
import { ApiError } from '../plugins/problems';
import { ReplayAnswerSchema, ReplayPlanSchema, ReplayProgressSchema } from '../schemas/replay';
import { pathId, sentence } from '../schemas/text';

const Problem = Type.Ref('Problem');
const config = { access: 'operator' as const };
/** A replay's id is its Idempotency-Key. */
const params = Type.Object({ id: pathId(255) });
const NAME = { minLength: 1, maxLength: 64, pattern: '^[\\w-]+$' };
const Moment = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?(Z|[+-]\\d{2}:\\d{2})$',
  description: 'RFC 3339, by the time of the event',
});

const notFound = () => new ApiError('not-found', 'There is no replay with this id.');

type Replays = Pick<OutboxOperations, 'whyNotReplayable' | 'planReplay' | 'replay' | 'replayProgress' | 'stopReplay'>;

const momentOf = (text: string, field: string): string => {
  if (Number.isNaN(Date.parse(text))) throw new ApiError('invalid-request', `${field} is not a moment that exists.`);
  return text;
};

/** `/v1/ops/outbox/replay…`: has a range of the log delivered again to a sink that has lost it. */
export const replayRoutes: FastifyPluginAsyncTypebox<{ outbox: Replays }> = async (app, { outbox }) => {
  app.post(
    '/v1/ops/outbox/replay',
    {
      bodyLimit: BODY_LIMIT.sentence,
      config: { ...config, idempotencyKey: 'optional' },
      schema: {
        summary:
          'Deliver a range of the log again, in order and marked as a replay; once for each Idempotency-Key. `plan`: only say how much',
        body: Type.Object(
          {
            sink: Type.String(NAME),
            target: Type.Optional(Type.String(NAME)),
            from: Moment,
            to: Type.Optional(Moment),
            reason: sentence(500),
            plan: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
        response: { 200: ReplayPlanSchema, 202: ReplayAnswerSchema, 400: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const { sink, target = '', from, to, reason, plan = false } = request.body;
      const until = to === undefined ? null : momentOf(to, 'to');
      const range = { sink, target, since: momentOf(from, 'from'), until };
      const why = await outbox.whyNotReplayable(range);
      if (why !== undefined) throw new ApiError('invalid-request', why);
      if (plan) return outbox.planReplay(range);
      const id = keyOf(request);
      const answer = await outbox.replay(id, { ...range, reason, operator: callerOf(request).keyId });
      if (answer.outcome === 'reused') {
        throw new ApiError('idempotency-key-reused', 'This key asked for another replay: use a new one.');
      }
      void reply.code(202).header('location', `/v1/ops/outbox/replays/${id}`);
      return { id, total: answer.total, goneBefore: answer.goneBefore };
    },
  );

  app.get(
    '/v1/ops/outbox/replays/:id',
    {
      config,
      schema: {
        summary: 'How far a replay has got, in events',
        params,
        response: { 200: ReplayProgressSchema, 404: Problem },
      },
    },
    async (request) => {
      const progress = await outbox.replayProgress(request.params.id);
      if (!progress) throw notFound();
      return progress;
    },
  );

  app.post(
    '/v1/ops/outbox/replays/:id/stop',
    {
      config,
      schema: {
        summary: 'Stop a replay: the rest of its range is not delivered again',
        params,
        response: { 200: ReplayProgressSchema, 404: Problem },
      },
    },
    async (request) => {
      const progress = await outbox.stopReplay(request.params.id, callerOf(request).keyId);
      if (!progress) throw notFound();
      return progress;
    },
  );
};
