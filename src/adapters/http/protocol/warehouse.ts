import { Type } from '@sinclair/typebox';
import { Address, BLOCKED, CLOSED, Day, Nothing, Parcels, Phone, Reason, UNSEEN, Word } from './fields';
import { outcome, strictly, verb } from './verb';

const taken = {
  reference: Word("The warehouse's id of it", 'ful_3b1f9e7a64c24d5f8f0a1b2c3d4e5f60'),
  deliveryPromise: Type.Optional(Day('The day on which the customer may expect the goods')),
  shipFrom: Type.Optional(Address),
};

const FULFILLMENTS = {
  triggered: outcome('It packs', taken),
  accepted: outcome('It will say later, by webhook, if it does not pack', taken),
  refused: outcome('It will not pack', { reason: Reason }),
  blocked: BLOCKED,
};

export const WAREHOUSE = {
  trigger: verb({
    summary: 'Pack these goods',
    request: strictly({ lines: Parcels, address: Address, phone: Phone }),
    outcomes: FULFILLMENTS,
  }),
  find: verb({
    summary: 'Say what has become of the fulfillment, without acting',
    request: Nothing,
    outcomes: { ...FULFILLMENTS, unseen: UNSEEN },
  }),
  cancel: verb({
    summary: 'Put the goods back. A key not seen yet is refused from then on',
    request: Nothing,
    outcomes: { cancelled: outcome('The goods are back', {}), closed: CLOSED },
  }),
};
