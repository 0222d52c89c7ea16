import { Type } from '@sinclair/typebox';
import { ActionUrl, AMOUNT, BLOCKED, CLOSED, Moment, Nothing, Reason, UNSEEN, Word } from './fields';
import { outcome, strictly, verb } from './verb';

const reference = Word("The processor's id of it", 'auth_3b1f9e7a64c24d5f8f0a1b2c3d4e5f60');
const refund = Word("The caller's id of the refund: part of what makes two calls the same", 'ref_5d0c');

const AUTHORIZATIONS = {
  authorized: outcome('This amount is held', {
    reference,
    ...AMOUNT,
    expiresAt: Type.Optional(Moment('When the processor frees it by itself.')),
  }),
  declined: outcome('Nothing is held, and nothing will be under this key', { reason: Reason }),
  'customer-action': outcome('Nothing is held before the customer has approved; then `find` says so', {
    url: ActionUrl,
    expiresAt: Moment('Until when the customer can approve. Then it is declined.'),
  }),
  pending: outcome(
    'Nothing is held before the provider has decided, which it does without the customer; then `find` says so',
    {},
  ),
  blocked: BLOCKED,
};
const rejected = outcome('Nothing was done; a retry may succeed once somebody has settled the matter', {
  reason: Reason,
});

export const PAYMENTS = {
  authorize: verb({
    summary: 'Hold this amount',
    request: strictly({
      ...AMOUNT,
      token: Type.String({ minLength: 1, maxLength: 1_000, description: 'What the card is called at the processor' }),
    }),
    outcomes: AUTHORIZATIONS,
  }),
  find: verb({
    summary: 'Say what has become of the authorization, without acting',
    request: Nothing,
    outcomes: { ...AUTHORIZATIONS, unseen: UNSEEN },
  }),
  void: verb({
    summary:
      'Free the money held under this key, or give it back if it was taken. A key not seen yet, or not decided yet, is refused from then on',
    request: Nothing,
    outcomes: {
      voided: outcome('The money is free', {}),
      refunded: outcome('The money had been taken, and what was left of it was given back, once', {
        reference,
        ...AMOUNT,
      }),
      closed: CLOSED,
      rejected: outcome('The money was taken and cannot be given back: somebody has to do that by hand', {
        reason: Reason,
      }),
    },
  }),
  capture: verb({
    summary: 'Capture the money held under this key, which must be this amount',
    request: strictly(AMOUNT),
    outcomes: { captured: outcome('This amount was captured, once', { reference, ...AMOUNT }), rejected },
  }),
  refund: verb({
    summary: 'Give back this amount of what was captured under this key, once for each `refund`',
    request: strictly({ refund, ...AMOUNT }),
    outcomes: { refunded: outcome('This amount was given back, once', { reference, ...AMOUNT }), rejected },
  }),
};
