import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { ResumeAct } from '../../src/checkouts/recovery/claim';
import type { StrandedPage } from '../../src/checkouts/recovery/list-stranded';
import type { ResumeAnswer } from '../../src/checkouts/recovery/resume-by-hand';
import { callerOf } from '../plugins/auth';
import { keyOf } from '../idempotency/key-of-request';
import { ApiError } from '../plugins/problems';
import { theOneInThePath } from '../plugins/reach';
import { StrandedPageSchema } from '../schemas/stranded';
import { pathId, sentence } from '../schemas/text';

/** For the caller's tenant, or for all tenants. */
export interface StrandedOperations {
  list(tenant: string, after: string): Promise<StrandedPage>;
  resume(tenant: string, checkoutId: string, act: ResumeAct): Promise<ResumeAnswer>;
}

const Problem = Type.Ref('Problem');

/** Orders that have lost their workflow. A reconciler resumes them within half a minute, an operator immediately. */
export const strandedRoutes: FastifyPluginAsyncTypebox<{ stranded: StrandedOperations }> = async (app, options) => {
  app.get(
    '/v1/ops/stranded',
    {
      config: { access: 'operator', concerns: 'what-it-lists' },
      schema: {
        summary:
          'Unended checkouts whose workflow is closed or gone. A page may be empty; as long as it has `next`, there may be more',
        querystring: Type.Object({ cursor: Type.Optional(pathId()) }, { additionalProperties: false }),
        response: { 200: StrandedPageSchema },
      },
    },
    async (request) => options.stranded.list(callerOf(request).tenant, request.query.cursor ?? ''),
  );

  app.post(
    '/v1/ops/checkouts/:id/resume',
    {
      config: { access: 'operator', concerns: theOneInThePath('checkout'), idempotencyKey: 'required' },
      schema: {
        summary: 'Restart the workflow of a stranded checkout where it left off; once for each Idempotency-Key',
        params: Type.Object({ id: pathId() }),
        body: Type.Object({ reason: sentence(500) }, { additionalProperties: false }),
        response: { 200: Type.Object({ done: Type.Boolean() }), 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { tenant, keyId: operator } = callerOf(request);
      const act = { id: `${id}:${keyOf(request)}`, reason: request.body.reason, operator };
      const answer = await options.stranded.resume(tenant, id, act);
      if (answer.outcome !== 'done') throw problemOf(answer);
      return { done: true };
    },
  );
};

function problemOf(answer: Exclude<ResumeAnswer, { outcome: 'done' }>): ApiError {
  switch (answer.outcome) {
    case 'not-found':
      return new ApiError('not-found', 'There is no checkout with this id.');
    case 'reused':
      return new ApiError(
        'idempotency-key-reused',
        'This key resumed the checkout for a different reason: use a new one.',
      );
    case 'in-use':
      return new ApiError('idempotency-key-in-use', 'The checkout is being resumed right now.', {
        headers: { 'retry-after': '1' },
      });
    case 'refused':
      return new ApiError('nothing-to-resume', answer.sentence);
  }
}
