import type { CheckoutRequest } from './order';

/** A checkout that completes in the sandbox; the documentation and `npm start` show it. */
export const EXAMPLE_CHECKOUT: CheckoutRequest = {
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
  expectedTotal: 3000,
};
