import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { HTTP_PORTS } from '../../../src/adapters/http/http-ports';
import type { PaymentGateway } from '../../../src/ports/payment-gateway';
import { ProviderFault } from '../../../src/ports/provider-fault';

const key = 'chk_1:step';
const amount = { minor: 3000n, currency: 'USD' };

/** What the call threw, of a provider that always answers like this. */
async function thrownBy(answer: object, call: (payments: PaymentGateway) => Promise<unknown>): Promise<unknown> {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const payments = HTTP_PORTS.payments({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const thrown = await call(payments).then(
    () => undefined,
    (error: unknown) => error,
  );
  server.close();
  server.closeAllConnections();
  return thrown;
}

const held = { outcome: 'authorized', reference: 'auth_1', amount: 3000, currency: 'USD' };

test.each([
  ['another amount', { amount: 3001 }, 'other-amount', /another amount/],
  ['another currency', { currency: 'EUR' }, 'other-amount', /another amount/],
  ['no amount', { amount: undefined }, 'unusable-answer', /amount is missing/],
  ['an amount in a string', { amount: '3000' }, 'unusable-answer', /amount is missing/],
  ['no id', { reference: undefined }, 'unusable-answer', /reference is missing/],
  ['an id that no database takes', { reference: 'a\u0000b' }, 'unusable-answer', /reference/],
  ['an end that is no moment', { expiresAt: 'tomorrow' }, 'unusable-answer', /expiresAt/],
])('rejects an authorization with %s', async (_what, facts, fault, sentence) => {
  const answer = { ...held, ...facts };

  const failures = [
    await thrownBy(answer, (payments) => payments.authorize({ key, amount, token: 'tok_visa' })),
    await thrownBy(answer, async (payments) => payments.find?.({ key, amount })),
  ];

  for (const failure of failures) {
    expect(failure).toMatchObject({ fault, isAway: false });
    expect((failure as Error).message).toMatch(sentence);
  }
});

const asked = { outcome: 'customer-action', url: 'https://pay.example.com/3ds', expiresAt: '2026-12-01T12:00:00Z' };

test.each([
  ['no address', { url: undefined }, /url is missing/],
  ['an address of a script', { url: 'javascript:alert(1)' }, /url is missing/],
  ['an address of a file', { url: 'file:///etc/passwd' }, /url is missing/],
  ['an address with a space', { url: 'https://pay.example.com/a b' }, /url is missing/],
  ['an address without a host', { url: 'https://[' }, /at no address/],
  ['an address without end', { url: `https://pay.example.com/${'a'.repeat(4_000)}` }, /url is missing/],
  ['no end', { expiresAt: undefined }, /expiresAt is missing/],
  ['an end that is no moment', { expiresAt: 'soon' }, /expiresAt is missing/],
  ['an end that never was', { expiresAt: '2026-02-30T12:00:00Z' }, /moment that never was/],
])('rejects a question to the customer with %s', async (_what, facts, sentence) => {
  const answer = { ...asked, ...facts };

  const failures = [
    await thrownBy(answer, (payments) => payments.authorize({ key, amount, token: 'tok_visa' })),
    await thrownBy(answer, async (payments) => payments.find?.({ key, amount })),
  ];

  for (const failure of failures) {
    expect(failure).toMatchObject({ fault: 'unusable-answer', isAway: false });
    expect((failure as Error).message).toMatch(sentence);
    // Whoever has the address can approve.
    expect(inspect(failure, { depth: 9 })).not.toContain('pay.example.com');
  }
});

test.each([
  ['another amount', { amount: 2999 }, /another amount/],
  ['another currency', { currency: 'EUR' }, /another amount/],
  ['no amount', { amount: undefined }, /amount is missing/],
  ['no id', { reference: undefined }, /reference is missing/],
])('rejects a capture with %s', async (_what, facts, sentence) => {
  const done = { ...held, reference: 'cap_1', ...facts };

  const failures = [
    await thrownBy({ ...done, outcome: 'captured' }, (payments) => payments.capture({ key, amount })),
    await thrownBy({ ...done, outcome: 'refunded' }, (payments) => payments.refund({ key, amount, refund: 'ref_1' })),
  ];

  for (const failure of failures) expect((failure as Error).message).toMatch(sentence);
});

test.each([
  ['a success', held],
  ['the money captured', { outcome: 'rejected', reason: 'already-captured' }],
])('does not take a void that answers with %s for done', async (_what, answer) => {
  expect(await thrownBy(answer, (payments) => payments.void({ key }))).toBeInstanceOf(ProviderFault);
});
