import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { REPAIR_ACTIONS } from '../../src/contract/repair';
import type { Repair } from '../../src/contract/repair';
import type { Attention } from '../../src/checkouts/operators/list-attention';
import type { RepairAnswer } from '../../src/checkouts/operators/repair-answer';
import { STEPS } from '../../src/domain/steps';
import { BODY_LIMIT } from '../body-limits';
import { callerOf } from '../plugins/auth';
import { keyOf } from '../idempotency/key-of-request';
import { ApiError } from '../plugins/problems';
import { theOneInThePath } from '../plugins/reach';
import { AttentionSchema, RepairProblemSchema } from '../schemas/attention';
import { pathId, sentence } from '../schemas/text';

export interface Operations {
  /** Of the caller's tenant, or of all tenants. */
  attention(tenant: string): Promise<Attention[]>;
  repair(checkoutId: string, repair: Repair): Promise<RepairAnswer>;
}

const Problem = Type.Ref('Problem');
const oneOf = <T extends string>(values: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: [...values] });

/** `/v1/ops`: what waits for an operator, and the repairs that settle it. */
export const operationRoutes: FastifyPluginAsyncTypebox<{ operations: Operations }> = async (app, { operations }) => {
  app.get(
    '/v1/ops/attention',
    {
      config: { access: 'operator', concerns: 'what-it-lists' },
      schema: {
        summary: 'What waits for an operator, oldest first',
        response: { 200: Type.Object({ attention: Type.Array(AttentionSchema) }) },
      },
    },
    async (request) => ({ attention: await operations.attention(callerOf(request).tenant) }),
  );

  app.post(
    '/v1/ops/checkouts/:id/repair',
    {
      bodyLimit: BODY_LIMIT.sentence,
      config: { access: 'operator', concerns: theOneInThePath('checkout'), idempotencyKey: 'required' },
      schema: {
        summary: 'Settle what needs attention: retry, skip, resolve or cancel; once for each Idempotency-Key',
        params: Type.Object({ id: pathId() }),
        body: Type.Object(
          {
            step: oneOf(STEPS),
            action: oneOf(REPAIR_ACTIONS),
            reason: sentence(500),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ done: Type.Boolean() }),
          404: Problem,
          409: RepairProblemSchema,
          422: Problem,
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const operator = callerOf(request).keyId;
      const answer = await operations.repair(id, { ...request.body, id: `${id}:${keyOf(request)}`, operator });
      if (answer.outcome === 'not-found') throw new ApiError('not-found', 'There is no checkout with this id.');
      if (answer.outcome === 'reused') {
        throw new ApiError(
          'idempotency-key-reused',
          'This key was used for a different repair of the checkout: use a new one.',
        );
      }
      if (answer.outcome === 'decided') {
        throw new ApiError('already-decided', answer.sentence, { members: { first: answer.first } });
      }
      if (answer.outcome === 'refused') throw new ApiError('nothing-to-repair', answer.sentence);
      return { done: true };
    },
  );
};
