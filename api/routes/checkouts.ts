import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { CheckoutPage } from '../../src/checkouts/read-checkout';
import type { CheckoutView } from '../../src/checkouts/checkout-view';
import type { CheckoutState } from '../../src/domain/checkout-states';
import { callerOf } from '../plugins/auth';
import { ApiError } from '../plugins/problems';
import { decodeCursor, encodeCursor } from './page-cursor';
import type { PagePosition } from './page-cursor';
import { CheckoutPageSchema, CheckoutSchema, CheckoutStateSchema } from '../schemas/checkout';
import { pathId } from '../schemas/text';

/** What the reading routes need of the checkouts behind them. */
export interface ReadCheckouts {
  read(tenant: string, id: string): Promise<CheckoutView | undefined>;
  list(query: {
    tenant: string;
    state: CheckoutState | null;
    limit: number;
    after: PagePosition | null;
  }): Promise<CheckoutPage>;
}

const MOST_ON_A_PAGE = 100;
const Problem = Type.Ref('Problem');

export const checkoutRoutes: FastifyPluginAsyncTypebox<{ checkouts: ReadCheckouts }> = async (app, { checkouts }) => {
  app.get(
    '/v1/checkouts/:id',
    {
      config: { access: 'any-key' },
      schema: {
        summary: 'A checkout as it is now: state, steps, amounts',
        params: Type.Object({ id: pathId() }),
        response: { 200: Type.Ref(CheckoutSchema), 404: Problem },
      },
    },
    async (request) => {
      const checkout = await checkouts.read(callerOf(request).tenant, request.params.id);
      // The same words for somebody else's checkout: no answer tells that it exists.
      if (!checkout) throw new ApiError('not-found', 'There is no checkout with this id.');
      return checkout;
    },
  );

  app.get(
    '/v1/checkouts',
    {
      config: { access: 'any-key' },
      schema: {
        summary: 'Checkouts, newest first',
        querystring: Type.Object(
          {
            state: Type.Optional(CheckoutStateSchema),
            limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|100)$', description: '1 to 100, default 100' })),
            cursor: Type.Optional(Type.String({ maxLength: 200, description: '`next` of the page before' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Ref(CheckoutPageSchema) },
      },
    },
    async (request) => {
      const { state, limit, cursor } = request.query;
      const page = await checkouts.list({
        tenant: callerOf(request).tenant,
        state: state ?? null,
        limit: Number(limit ?? MOST_ON_A_PAGE),
        after: cursor === undefined ? null : decodeCursor(cursor),
      });
      return { checkouts: page.checkouts as never, next: page.next && encodeCursor(page.next) };
    },
  );
};
