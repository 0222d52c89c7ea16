import { randomUUID } from 'node:crypto';
import type { OrderKey } from '../../src/contract/checkout';
import type { CheckoutRequest } from '../../src/domain/order';

/** A checkout that goes through, unless told otherwise. */
export const aRequest = (overrides: Partial<CheckoutRequest> = {}): CheckoutRequest => ({
  customer: { id: 'cus_42', email: 'ada@example.com' },
  items: [{ sku: 'MUG-BLUE', quantity: 2 }],
  currency: 'USD',
  payment: { token: 'tok_visa' },
  shippingAddress: {
    name: 'Ada Lovelace',
    line1: "12 St James's Sq",
    city: 'London',
    postalCode: 'SW1Y 4JH',
    country: 'GB',
  },
  ...overrides,
});

export const aKey = (): string => `key-${randomUUID()}`;

/** An order for tests in which nothing reads it from Postgres. */
export const anOrder = (): OrderKey => ({ checkoutId: `chk_${randomUUID().replaceAll('-', '')}`, tenant: 'acme' });
