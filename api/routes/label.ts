import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Checkouts } from '../../src/checkouts/checkouts';
import { callerOf } from '../plugins/auth';
import { ApiError } from '../plugins/problems';
import { pathId } from '../schemas/text';

const MEDIA_TYPES = { pdf: 'application/pdf', png: 'image/png', zpl: 'application/zpl' } as const;
const binary = { schema: { type: 'string', format: 'binary' } };

/** `GET /v1/checkouts/:id/label`: the shipping label, as the carrier handed it out. */
export const labelRoute: FastifyPluginAsyncTypebox<{ readonly checkouts: Pick<Checkouts, 'label'> }> = async (
  app,
  { checkouts },
) => {
  app.get(
    '/v1/checkouts/:id/label',
    {
      config: { access: 'merchant' },
      schema: {
        summary: 'The shipping label of a completed checkout, to be printed',
        params: Type.Object({ id: pathId() }),
        response: {
          200: {
            description: 'The label',
            content: Object.fromEntries(Object.values(MEDIA_TYPES).map((type) => [type, binary])),
          },
          404: Type.Ref('Problem'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const label = await checkouts.label(callerOf(request).tenant, id);
      // The same words for another tenant's label, and for one that its carrier keeps.
      if (!label) throw new ApiError('not-found', 'There is no label of a checkout with this id.');
      return (
        reply
          .type(MEDIA_TYPES[label.format])
          // Saved and not shown: it comes from a provider.
          .header('content-disposition', `attachment; filename="${id}.${label.format}"`)
          .send(label.bytes)
      );
    },
  );
};
