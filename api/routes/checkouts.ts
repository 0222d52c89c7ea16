import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Checkouts } from '../../src/checkouts/checkouts';
import { EXAMPLE_CHECKOUT } from '../../src/domain/example-checkout';
import type { CheckoutRequest } from '../../src/domain/order';
import { BODY_LIMIT } from '../body-limits';
import type { IdempotentOperation } from '../idempotency/idempotent-operation';
import { callerOf } from '../plugins/auth';
import { ApiError } from '../plugins/problems';
import { decodeCursor, encodeCursor } from './page-cursor';
import { CheckoutAcceptedSchema, CheckoutPageSchema, CheckoutSchema, CheckoutStateSchema } from '../schemas/checkout';
import { CheckoutRequestSchema } from '../schemas/checkout-request';
import { pathId } from '../schemas/text';

const MOST_ON_A_PAGE = 100;
const Problem = Type.Ref('Problem');
const AcceptedOrAwaiting = Type.Union([CheckoutAcceptedSchema, Type.Ref(CheckoutSchema)], {
  description: 'The acceptance; or, with `Prefer: wait` while the customer has to approve the payment, the checkout',
});

interface Options {
  readonly checkouts: IdempotentOperation<CheckoutRequest> & Pick<Checkouts, 'read' | 'list'>;
}

/** `/v1/checkouts`: places a checkout, and reads those that are there. */
export const checkoutRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { checkouts }) => {
  app.post<{ Body: CheckoutRequest }>('/v1/checkouts', {
    // The handler is the plugin's: it knows the contract of the header, and the operation knows the work.
    ...app.idempotent(checkouts),
    bodyLimit: BODY_LIMIT.cart,
    config: { access: 'merchant', idempotencyKey: 'required' },
    schema: {
      summary: 'Start a checkout, or find the one this Idempotency-Key already started',
      body: { ...CheckoutRequestSchema, examples: [EXAMPLE_CHECKOUT] },
      response: { 202: AcceptedOrAwaiting, 409: Problem, 422: Problem },
    },
  });

  app.get(
    '/v1/checkouts/:id',
    {
      config: { access: 'any-key' },
      schema: {
        summary: 'The current state of a checkout: state, steps, amounts',
        params: Type.Object({ id: pathId() }),
        response: { 200: Type.Ref(CheckoutSchema), 404: Problem },
      },
    },
    async (request) => {
      const checkout = await checkouts.read(callerOf(request), request.params.id);
      // The same words for another tenant's checkout, so that no answer gives it away.
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
            cursor: Type.Optional(Type.String({ maxLength: 200, description: '`next` of the previous page' })),
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
      return { checkouts: page.checkouts, next: page.next && encodeCursor(page.next) };
    },
  );
};
