import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { stripeWorld } from './stripe-world';

const UNPAID = { id: 'pi_1', object: 'payment_intent', status: 'requires_payment_method', last_payment_error: null };

/** A Stripe that writes down how a payment was confirmed, and declines it. */
async function confirmedWith(token: string): Promise<string> {
  let confirmation = '';
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const confirms = request.url?.endsWith('/confirm') === true;
      if (confirms) confirmation = decodeURIComponent(body);
      response.writeHead(confirms ? 402 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(confirms ? { error: { type: 'card_error', code: 'card_declined' } } : UNPAID));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { payments, visa } = await stripeWorld({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const answer = await payments.authorize({ ...visa, token });
  server.closeAllConnections();
  server.close();
  expect(answer).toEqual({ outcome: 'declined', reason: 'card_declined' });
  return confirmation;
}

test.each([
  ['pm_1', 'payment_method=pm_1'],
  ['ctoken_1', 'confirmation_token=ctoken_1'],
  ['tok_1', 'payment_method_data[type]=card&payment_method_data[card][token]=tok_1'],
])('a payment is confirmed with %s as Stripe knows it', async (token, confirmation) => {
  expect(await confirmedWith(token)).toBe(confirmation);
});
