import { Type } from '@sinclair/typebox';
import { Amount, BLOCKED, CLOSED, Nothing, OrderId, Word } from './fields';
import { outcome, strictly, verb } from './verb';

const points = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, examples: [30] });

export const LOYALTY = {
  award: verb({
    summary: 'Award the points that an order of this total is worth',
    request: strictly({
      orderId: OrderId,
      customerId: Word("The customer's id at the merchant", 'cus_42'),
      total: Amount,
    }),
    outcomes: {
      awarded: outcome('The customer has these points, once', {
        reference: Word("The loyalty program's id of it", 'awd_3b1f9e7a64c24d5f8f0a1b2c3d4e5f60'),
        points,
      }),
      blocked: BLOCKED,
    },
  }),
  revoke: verb({
    summary: 'Take the points back. A key not seen yet is refused from then on',
    request: Nothing,
    outcomes: { revoked: outcome('The points are taken back', {}), closed: CLOSED },
  }),
};
