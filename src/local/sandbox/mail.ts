import { newId, operationsOf } from './operation';
import type { AnyOperation } from './operation';

const mail = operationsOf('mail');

const send = mail('send-confirmation', {
  name: 'send',
  reference: 'messageId',
  closedBy: 'cancel',
  decide: () => ({ outcome: 'sent', messageId: newId('msg') }),
});

const cancel = mail('send-cancellation', {
  name: 'cancel',
  // A customer who was never told about an order is not told that it is cancelled.
  decide: (_body, record) =>
    record.settled('send') ? { outcome: 'sent', messageId: newId('msg') } : { outcome: 'closed' },
});

const refundNotice = mail('send-refund-notice', {
  name: 'refund-notice',
  reference: 'messageId',
  decide: () => ({ outcome: 'sent', messageId: newId('msg') }),
});

/** The mail service: confirms orders, and says that they are cancelled and what was given back. */
export const MAIL: readonly AnyOperation[] = [send, cancel, refundNotice];
