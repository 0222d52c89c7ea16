import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import type { Subject } from '../../src/checkouts/operators/tenant-of';
import { MOMENT_EXAMPLE, isMoment } from '../../src/domain/moment';
import type { OutboxOperations } from '../../src/outbox/operators/operations';
import { BODY_LIMIT } from '../body-limits';
import { callerOf } from '../plugins/auth';
import { keyOf } from '../idempotency/key-of-request';
import { ApiError } from '../plugins/problems';
import { ReplayAnswerSchema, ReplayPlanSchema, ReplayProgressSchema } from '../schemas/replay';
import { sentence } from '../schemas/text';
import { errandPath, followErrand } from './follow-errand';

const Problem = Type.Ref('Problem');
const NAME = { minLength: 1, maxLength: 64, pattern: '^[\\w-]+$' };
const Moment = Type.String({
  maxLength: 40,
  description: `RFC 3339, compared with the time of the event: ${MOMENT_EXAMPLE}`,
});

/** Without a target it is a whole sink, which concerns every tenant. */
function whoseIsReplayed({ body }: FastifyRequest): readonly Subject[] {
  const { target } = body as { target?: string };
  return target === undefined ? [] : [{ kind: 'webhook', id: target }];
}

type Replays = Pick<OutboxOperations, 'whyNotReplayable' | 'planReplay' | 'replay' | 'replayProgress' | 'stopReplay'>;

const refused = (member: string, message: string) =>
  new ApiError('invalid-request', message, { members: { errors: [{ field: `body.${member}`, message }] } });

const momentOf = (text: string, member: 'from' | 'to'): string => {
  if (!isMoment(text)) throw refused(member, `Use the form ${MOMENT_EXAMPLE}.`);
  return text;
};

/** `/v1/ops/outbox/replay…`: delivers a range of the log again, to a sink that has lost it. */
export const replayRoutes: FastifyPluginAsyncTypebox<{ outbox: Replays }> = async (app, { outbox }) => {
  app.post(
    '/v1/ops/outbox/replay',
    {
      bodyLimit: BODY_LIMIT.sentence,
      config: { access: 'operator', concerns: whoseIsReplayed, idempotencyKey: 'optional' },
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
      const no = await outbox.whyNotReplayable(range);
      if (no) throw refused(no.member, no.why);
      if (plan) return outbox.planReplay(range);
      const id = keyOf(request);
      const answer = await outbox.replay(id, { ...range, reason, operator: callerOf(request).keyId });
      if (answer.outcome === 'reused') {
        throw new ApiError('idempotency-key-reused', 'This key was used for a different replay: use a new one.');
      }
      void reply.code(202).header('location', errandPath('replay', id));
      return { id, total: answer.total, goneBefore: answer.goneBefore };
    },
  );

  followErrand(app, {
    name: 'replay',
    stopping: 'the rest of its range is not delivered again',
    schema: ReplayProgressSchema,
    progress: outbox.replayProgress,
    stop: outbox.stopReplay,
  });
};
