import { Type } from '@sinclair/typebox';
import { AddressSchema } from './address';
import { answerSchema, newId, Nothing, operation } from './operation';
import type { Operation } from './operation';

const Line = Type.Object(
  { sku: Type.String({ minLength: 1, maxLength: 1_000 }), quantity: Type.Integer({ minimum: 1 }) },
  { additionalProperties: false },
);
const facts = { fulfillmentId: Type.String() };

const fulfill = operation({
  name: 'fulfill',
  path: '/fulfillments',
  body: Type.Object(
    { lines: Type.Array(Line, { minItems: 1 }), address: AddressSchema },
    { additionalProperties: false },
  ),
  answer: answerSchema(['triggered', 'refused', 'blocked'], facts),
  closedBy: 'cancel',
  refusal: { outcome: 'refused', reason: 'fault-switch' },
  decide: () => ({ outcome: 'triggered', fulfillmentId: newId('ful') }),
});

const cancel = operation({
  name: 'cancel',
  path: '/cancellations',
  body: Nothing,
  answer: answerSchema(['cancelled', 'closed'], facts),
  decide: (_body, record) => {
    const fulfillmentId = record.settled('fulfill')?.fulfillmentId;
    return fulfillmentId === undefined ? { outcome: 'closed' } : { outcome: 'cancelled', fulfillmentId };
  },
});

/** The warehouse: packs orders and cancels them. */
export const WAREHOUSE: readonly Operation[] = [fulfill, cancel];
