import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Checkouts } from '../../src/checkouts/checkouts';
import { callerOf } from '../plugins/auth';
import { ApiError, PROBLEM_ADVICE } from '../plugins/problems';
import { pathId } from '../schemas/text';

const Problem = Type.Ref('Problem');

/** `POST /v1/checkouts/:id/cancel`: possible until the last step starts. Asking again gets the same answer. */
export const cancelRoute: FastifyPluginAsyncTypebox<{ checkouts: Pick<Checkouts, 'cancel'> }> = async (
  app,
  { checkouts },
) => {
  app.post(
    '/v1/checkouts/:id/cancel',
    {
      config: { access: 'any-key' },
      schema: {
        summary: 'Ask to cancel a checkout; possible until its label is made',
        params: Type.Object({ id: pathId() }),
        response: {
          202: Type.Object({ id: Type.String(), links: Type.Object({ self: Type.String() }) }),
          404: Problem,
          409: Problem,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const answer = await checkouts.cancel(callerOf(request).tenant, id);
      if (answer === 'not-found') throw new ApiError('not-found', 'There is no checkout with this id.');
      if (answer === 'too-late') throw new ApiError('too-late-to-cancel', PROBLEM_ADVICE['too-late-to-cancel']);
      const self = `/v1/checkouts/${id}`;
      return reply.code(202).header('location', self).send({ id, links: { self } });
    },
  );
};
