import { Type } from '@sinclair/typebox';
import { Address, Amount, BLOCKED, CLOSED, Nothing, OrderId, Parcels, Phone, Reason, UNSEEN, Word } from './fields';
import { outcome, strictly, verb } from './verb';

/** A page of 4×6 inches as an image takes a few hundred kilobytes, and a third more in base64. */
const LARGEST_ANSWER_BYTES = 1024 * 1024;

const Format = Type.Union([Type.Literal('pdf'), Type.Literal('png'), Type.Literal('zpl')]);

const LABELS = {
  generated: outcome('The label exists', {
    reference: Word("The carrier's id of it", 'lab_3b1f9e7a64c24d5f8f0a1b2c3d4e5f60'),
    trackingNumber: Word("The parcel's number", 'SB123456789012'),
    document: Type.Optional(
      Type.Object(
        {
          format: Format,
          base64: Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', description: 'Its bytes' }),
        },
        { description: 'The label itself, ready to print' },
      ),
    ),
  }),
  undeliverable: outcome('Nobody delivers there', { reason: Reason }),
  blocked: BLOCKED,
};

export const CARRIER = {
  generate: verb({
    summary: 'Make a shipping label',
    request: strictly({
      orderId: OrderId,
      address: Address,
      phone: Phone,
      lines: Parcels,
      value: Type.Object(Amount.properties, { additionalProperties: false, description: 'Of the goods, for customs' }),
      shipFrom: Type.Optional(Address),
      labelFormat: Type.Optional(Format),
    }),
    outcomes: LABELS,
    largestAnswerBytes: LARGEST_ANSWER_BYTES,
  }),
  find: verb({
    summary: 'Say what has become of the label, without acting',
    request: Nothing,
    outcomes: { ...LABELS, unseen: UNSEEN },
    largestAnswerBytes: LARGEST_ANSWER_BYTES,
  }),
  void: verb({
    summary: 'Make the label void. A key not seen yet is refused from then on',
    request: Nothing,
    outcomes: { voided: outcome('The label is void', {}), closed: CLOSED },
  }),
};
