import { Type } from '@sinclair/typebox';
import { answerSchema, newId, operation } from './operation';
import type { Operation } from './operation';

/** Longer than any address that a shop would accept. */
const LONGEST_ADDRESS = 1_000;
const to = Type.String({ minLength: 1, maxLength: LONGEST_ADDRESS });
const orderId = Type.String({ minLength: 1, maxLength: 100 });
const facts = { messageId: Type.String() };

const send = operation({
  name: 'send',
  path: '/messages',
  body: Type.Object(
    { to, orderId, total: Type.String({ minLength: 1, maxLength: 100 }) },
    { additionalProperties: false },
  ),
  answer: answerSchema(['sent', 'blocked'], facts),
  closedBy: 'cancel',
  decide: () => ({ outcome: 'sent', messageId: newId('msg') }),
});

const cancel = operation({
  name: 'cancel',
  path: '/cancellations',
  body: Type.Object({ to, orderId }, { additionalProperties: false }),
  answer: answerSchema(['sent', 'closed'], facts),
  // A customer who was never told about an order is not told that it is cancelled.
  decide: (_body, record) =>
    record.settled('send') ? { outcome: 'sent', messageId: newId('msg') } : { outcome: 'closed' },
});

/** The mail service: confirms orders and says that they are cancelled. */
export const MAIL: readonly Operation[] = [send, cancel];
