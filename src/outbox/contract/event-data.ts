import { Type } from '@sinclair/typebox';
import type { TProperties } from '@sinclair/typebox';
import { REFUSALS } from '../../domain/refusals';
import { STEPS } from '../../domain/steps';
import { forEveryEvent } from './same-shape';
import type { EventType } from './same-shape';

const event = <Fields extends TProperties>(description: string, fields: Fields) => Type.Object(fields, { description });

const OneOf = <Value extends string>(values: readonly Value[], description: string) =>
  Type.Unsafe<Value>({ type: 'string', enum: [...values], description });

const Id = (prefix: string, description: string) =>
  Type.String({ description, examples: [`${prefix}_3b1f9e7a64c24d5f8f0a1b2c3d4e5f60`] });

const Amount = Type.Object({
  minor: Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: "In the currency's minor unit: cents, yen, fils",
    examples: [3000],
  }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217', examples: ['USD'] }),
});

const Lines = Type.Array(
  Type.Object({
    sku: Type.String({ examples: ['MUG-BLUE'] }),
    quantity: Type.Integer({ minimum: 1, examples: [2] }),
  }),
  { description: 'One for each SKU' },
);

const Authorization = { authorizationId: Id('auth', "The payment provider's"), amount: Amount };
const Fulfillment = { fulfillmentId: Id('ful', "The warehouse's") };
const Message = { messageId: Id('msg', "The mailer's") };
const Points = { points: Type.Integer({ minimum: 0, examples: [30] }) };
const labelId = Id('lab', "The carrier's");
const Attention = {
  step: OneOf(STEPS, 'More may be added'),
  kind: OneOf(
    ['step', 'undo', 'fulfillment'],
    '`undo`: parked until it is settled. `step`: still being retried. `fulfillment`: of step fulfillment-triggered, the warehouse refused ' +
      'after it had accepted, and a payment that is not captured yet waits; of stock-reserved, the inventory does not know yet that the goods have left. ' +
      'The checkout keeps its state. More may be added',
  ),
};
const codes = Object.values(REFUSALS).map(({ code }) => code);

/** The data of each event. Only optional fields are ever added: consumers ignore what they do not know. */
export const EVENT_DATA = forEveryEvent({
  'order.created': event('The order exists, at the prices of our catalog.', { total: Amount, lines: Lines }),
  'order.cancelled': event('The order is undone.', {}),
  'payment.authorized': event('The total is held at the payment provider.', Authorization),
  'payment.awaiting-customer': event(
    'The payment provider wants the customer to approve. Where, is told to the merchant only: see `nextAction` of the checkout.',
    {
      expiresAt: Type.String({
        format: 'date-time',
        description: 'ISO 8601: until then',
        examples: ['2026-12-01T12:15:00.000Z'],
      }),
    },
  ),
  'payment.voided': event('The authorization is void, and nothing was charged.', Authorization),
  'payment.captured': event(
    'The payment was captured, because the label exists. Comes after the end of the checkout.',
    {
      captureId: Id('cap', "The payment provider's"),
      amount: Amount,
    },
  ),
  'stock.reserved': event('The goods are reserved.', { lines: Lines }),
  'stock.released': event('The goods are for sale again.', { lines: Lines }),
  'fulfillment.triggered': event('The warehouse is at work.', Fulfillment),
  'fulfillment.cancelled': event('The warehouse has stopped.', Fulfillment),
  'notification.sent': event('The confirmation was sent to the customer.', Message),
  'notification.cancelled': event('The cancellation was sent to the customer.', Message),
  'loyalty.awarded': event('The customer has the points for the order.', Points),
  'loyalty.revoked': event('The points were taken back.', Points),
  'label.generated': event('The goods can leave.', {
    labelId,
    trackingNumber: Type.String({ examples: ['GB0012345678'] }),
  }),
  'label.voided': event('The label is void.', { labelId }),
  'notification.skipped': event('An operator let the order go on without the notification.', {}),
  'loyalty.skipped': event('An operator let the order go on without the points.', {}),
  'attention.raised': event('An operator is needed.', Attention),
  'attention.cleared': event('An operator is no longer needed for this.', Attention),
  'checkout.completed': event('All seven steps are done. Ends the checkout.', { total: Amount }),
  'checkout.refused': event('Everything is undone. Ends the checkout.', {
    code: OneOf(codes, 'Why. More may be added'),
  }),
  'checkout.cancelled': event('Everything is undone, because the customer cancelled. Ends the checkout.', {}),
});

export const EVENT_TYPES = Object.keys(EVENT_DATA) as EventType[];

export const sentenceOf = (type: EventType): string => EVENT_DATA[type].description ?? '';
