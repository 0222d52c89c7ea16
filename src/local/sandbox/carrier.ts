import { randomInt } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import { AddressSchema } from './address';
import { answerSchema, newId, Nothing, operation } from './operation';
import type { Operation } from './operation';

const UNDELIVERABLE_POSTAL_CODE = '00000';
/** Twelve digits, as parcel numbers have. */
const TRACKING_NUMBERS = { from: 100_000_000_000, below: 300_000_000_000 };
const facts = { labelId: Type.String(), trackingNumber: Type.String() };

const label = operation({
  name: 'label',
  path: '/labels',
  body: Type.Object(
    { address: AddressSchema, orderId: Type.String({ minLength: 1, maxLength: 100 }) },
    { additionalProperties: false },
  ),
  answer: answerSchema(['generated', 'undeliverable', 'blocked'], facts),
  closedBy: 'void',
  refusal: { outcome: 'undeliverable', reason: 'fault-switch' },
  decide: ({ address }) => {
    if (address.postalCode === UNDELIVERABLE_POSTAL_CODE)
      return { outcome: 'undeliverable', reason: 'unknown-postal-code' };
    const trackingNumber = `SB${randomInt(TRACKING_NUMBERS.from, TRACKING_NUMBERS.below)}`;
    return { outcome: 'generated', labelId: newId('lab'), trackingNumber };
  },
});

const voiding = operation({
  name: 'void',
  path: '/voids',
  body: Nothing,
  answer: answerSchema(['voided', 'closed'], { labelId: Type.String() }),
  decide: (_body, record) => {
    const labelId = record.settled('label')?.labelId;
    return labelId === undefined ? { outcome: 'closed' } : { outcome: 'voided', labelId };
  },
});

/** The carrier: generates labels and voids them. */
export const CARRIER: readonly Operation[] = [label, voiding];
