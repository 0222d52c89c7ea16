import { randomInt } from 'node:crypto';
import { newId, operationsOf } from './operation';
import type { AnyOperation } from './operation';

const UNDELIVERABLE_POSTAL_CODE = '00000';
/** A label after two faults. */
const FAULTY_POSTAL_CODE = '99999';
/** Twelve digits, as parcel numbers have. */
const TRACKING_NUMBERS = { from: 100_000_000_000, below: 300_000_000_000 };

const carrier = operationsOf('carrier');

const label = carrier('generate', {
  name: 'label',
  reference: 'labelId',
  closedBy: 'void',
  refusal: { outcome: 'undeliverable', reason: 'fault-switch' },
  quirk: ({ address }) => (address.postalCode === FAULTY_POSTAL_CODE ? 'faulty' : undefined),
  decide: ({ address }) => {
    if (address.postalCode === UNDELIVERABLE_POSTAL_CODE)
      return { outcome: 'undeliverable', reason: 'unknown-postal-code' };
    const trackingNumber = `SB${randomInt(TRACKING_NUMBERS.from, TRACKING_NUMBERS.below)}`;
    return { outcome: 'generated', labelId: newId('lab'), trackingNumber };
  },
});

const voiding = carrier('void', {
  name: 'void',
  decide: (_body, record) => {
    const labelId = record.settled('label')?.labelId;
    return labelId === undefined ? { outcome: 'closed' } : { outcome: 'voided', labelId };
  },
});

/** The carrier: generates labels and voids them. */
export const CARRIER: readonly AnyOperation[] = [label, voiding];
