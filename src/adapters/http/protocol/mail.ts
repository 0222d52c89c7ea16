import { Type } from '@sinclair/typebox';
import { Amount, AMOUNT, BLOCKED, CLOSED, Day, FilledLine, Line, OrderId, Parcels, Word } from './fields';
import { outcome, strictly, verb } from './verb';

const letter = { to: FilledLine, orderId: OrderId };
const sent = outcome('It is on its way, once', {
  reference: Word("The mail service's id of it", 'msg_3b1f9e7a64c24d5f8f0a1b2c3d4e5f60'),
});

export const MAIL = {
  'send-confirmation': verb({
    summary: 'Tell the customer that the order is confirmed',
    request: strictly({
      ...letter,
      name: Line,
      total: Amount,
      lines: Parcels,
      deliveryPromise: Type.Optional(Day('The day that the warehouse promised')),
    }),
    outcomes: { sent, blocked: BLOCKED },
  }),
  'send-cancellation': verb({
    summary:
      'Tell the customer that the order is cancelled, if the confirmation went out. Otherwise the key is refused from then on',
    request: strictly(letter),
    outcomes: { sent: outcome('The cancellation is on its way, once', {}), closed: CLOSED },
  }),
  'send-refund-notice': verb({
    summary: 'Tell the customer what was given back, once for each `refund`',
    request: strictly({
      ...letter,
      refund: Word("The caller's id of the refund: part of what makes two calls the same", 'ref_5d0c'),
      ...AMOUNT,
    }),
    outcomes: { sent, blocked: BLOCKED },
  }),
};
