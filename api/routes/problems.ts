import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { ApiError } from '../plugins/problems';
import { isProblemCode, PROBLEMS } from '../problem-codes';
import { JSON_DOCUMENT, PUBLIC_DOCUMENT, publicDocument } from '../public-document';

const ProblemKind = Type.Object({
  code: Type.String(),
  status: Type.Integer(),
  title: Type.String(),
  advice: Type.String(),
});

/** `/problems` and `/problems/:code`: where the `type` of a problem points. */
export const problemRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const config = PUBLIC_DOCUMENT;
  const sendAll = publicDocument(JSON_DOCUMENT, () =>
    JSON.stringify(Object.entries(PROBLEMS).map(([code, kind]) => ({ code, ...kind }))),
  );

  app.get(
    '/problems',
    {
      config,
      schema: {
        summary: 'Every problem code and what to do',
        security: [],
        response: { 200: Type.Array(ProblemKind) },
      },
    },
    async (request, reply) => {
      sendAll(request, reply);
      return reply;
    },
  );

  app.get(
    '/problems/:code',
    {
      config,
      schema: {
        summary: 'One problem code and what to do',
        security: [],
        params: Type.Object({ code: Type.String({ maxLength: 64 }) }),
        response: { 200: ProblemKind, 404: Type.Ref('Problem') },
      },
    },
    async ({ params: { code } }) => {
      if (!isProblemCode(code)) throw new ApiError('not-found', 'There is no such problem code: see /problems.');
      return { code, ...PROBLEMS[code] };
    },
  );
};
