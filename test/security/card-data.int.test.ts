import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { claimsOf } from '../api/setup';
import { calm } from './calm';

const logged: string[] = [];
let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld({ logger: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }) });
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

const CARD = '4242424242424242';
const { customer, shippingAddress, items } = aRequest();

test.each<[string, object]>([
  ['customer.id', { customer: { ...customer, id: CARD } }],
  ['customer.email', { customer: { ...customer, email: `${CARD}@example.com` } }],
  ['items.0.sku', { items: [{ ...items[0], sku: CARD }] }],
  ['payment.token', { payment: { token: `tok_${CARD}` } }],
  ['shippingAddress.name', { shippingAddress: { ...shippingAddress, name: '4242 4242 4242 4242' } }],
  ['shippingAddress.line2', { shippingAddress: { ...shippingAddress, line2: 'CVV 123' } }],
  ['shippingAddress.postalCode', { shippingAddress: { ...shippingAddress, postalCode: CARD } }],
  ['expectedTotal', { expectedTotal: Number(CARD) }],
])('answers a card number in %s with 400 and names the field, not the number', async (field, overrides) => {
  const key = aKey();

  const response = await place(world.app, { key, body: { ...aRequest(), ...overrides } });

  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ code: 'invalid-request', errors: [{ field: `body.${field}` }] });
  expect(response.body).not.toContain('4242');
  expect(await claimsOf(world, key)).toBe(0);
});

test.each(['cvv', 'cvc', 'cardNumber', 'card'])('answers a field %s with 400', async (field) => {
  const payment = { token: 'tok_visa', [field]: CARD };

  const response = await place(world.app, { key: aKey(), body: { ...aRequest(), payment } });

  expect(response.json()).toMatchObject({ code: 'invalid-request', errors: [{ field: `body.payment.${field}` }] });
});

test("answers a card number in an operator's reason with 400", async () => {
  const body = { step: 'payment-authorized', action: 'resolve', reason: `Voided for card ${CARD} by hand.` };
  for (const [url, payload] of [
    ['/v1/ops/checkouts/chk_1/repair', body],
    ['/v1/ops/outbox/redrive', { reason: body.reason }],
  ] as const) {
    const headers = { authorization: 'Bearer sk_sandbox_operator', 'idempotency-key': aKey() };
    const response = await world.app.inject({ method: 'POST', url, headers, payload });
    expect([response.statusCode, response.json()]).toMatchObject([400, { errors: [{ field: 'body.reason' }] }]);
  }
});

test('does not log what it refused, even at the most detailed level', async () => {
  await place(world.app, { key: aKey(), body: `{"card":"${CARD}"` });
  world.app.log.info('It does log');

  expect(logged.join()).toContain('It does log');
  expect(logged.join().replaceAll(/[ -]/g, '')).not.toContain(CARD);
});
