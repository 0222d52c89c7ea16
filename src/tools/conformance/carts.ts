import { randomBytes, randomUUID } from 'node:crypto';
import type { CheckoutRequest } from '../../domain/order';

/** A cart of the sandbox catalog that completes, unless `changes` say otherwise. */
export const aCart = (changes: Partial<CheckoutRequest> = {}): CheckoutRequest => ({
  customer: { id: 'cus_conformance', email: 'conformance@example.com' },
  items: [
    { sku: 'MUG-BLUE', quantity: 1 },
    { sku: 'POSTER-A2', quantity: 2 },
  ],
  currency: 'USD',
  payment: { token: 'tok_visa' },
  shippingAddress: { name: 'Zoë Lovelace', line1: '1 Test St', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
  ...changes,
});

/** Its payment is authorized after two seconds. */
export const aSlowCart = (): CheckoutRequest => aCart({ payment: { token: 'tok_slow' } });

/** Its payment has to be approved by the customer. */
export const anAskingCart = (): CheckoutRequest => aCart({ payment: { token: 'tok_3ds' } });

/** Never used before. */
export const aKey = (): string => `conformance:${randomUUID()}`;

/** Eight characters, the fewest a key may have. */
export const aShortKey = (): string => randomBytes(6).toString('base64url');

/** Every kind of character a key may have, and as many as it may have. */
export const aLongKey = (): string => `aZ09_.:-${randomUUID()}`.padEnd(255, 'x');
