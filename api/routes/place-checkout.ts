import { Type } from '@sinclair/typebox';
import type { FastifyPluginAsync } from 'fastify';
import { EXAMPLE_CHECKOUT } from '../../src/domain/example-checkout';
import type { CheckoutRequest } from '../../src/domain/order';
import { BODY_LIMIT } from '../body-limits';
import type { IdempotentOperation } from '../idempotency/idempotent-operation';
import { CheckoutAcceptedSchema } from '../schemas/checkout';
import { CheckoutRequestSchema } from '../schemas/checkout-request';

/** `POST /v1/checkouts`: the work is the operation's, the contract of the header is the plugin's. */
export const placeCheckoutRoute: FastifyPluginAsync<{ checkouts: IdempotentOperation<CheckoutRequest> }> = async (
  app,
  { checkouts },
) => {
  app.post<{ Body: CheckoutRequest }>('/v1/checkouts', {
    ...app.idempotent(checkouts),
    bodyLimit: BODY_LIMIT.cart,
    config: { access: 'merchant', idempotencyKey: 'required' },
    schema: {
      summary: 'Start a checkout, or find the one this Idempotency-Key already started',
      body: { ...CheckoutRequestSchema, examples: [EXAMPLE_CHECKOUT] },
      response: {
        202: CheckoutAcceptedSchema,
        409: Type.Ref('Problem'),
        422: Type.Ref('Problem'),
      },
    },
  });
};
