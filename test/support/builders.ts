import { randomUUID } from 'node:crypto';
import type { OrderKey } from '../../src/contract/checkout';
import { EXAMPLE_CHECKOUT } from '../../src/domain/example-checkout';
import type { CheckoutRequest } from '../../src/domain/order';

const { expectedTotal, ...PLAIN } = EXAMPLE_CHECKOUT;

/** A checkout that succeeds, by default. */
export const aRequest = (overrides: Partial<CheckoutRequest> = {}): CheckoutRequest => ({
  ...PLAIN,
  ...overrides,
});

export const aKey = (): string => `key-${randomUUID()}`;

/** An order for tests that do not read it from Postgres. */
export const anOrder = (): OrderKey => ({ checkoutId: `chk_${randomUUID().replaceAll('-', '')}`, tenant: 'acme' });
