import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { httpPayments } from '../../../src/adapters/http/payments';
import { ProviderFault } from '../../../src/ports/provider-fault';

/** Authorizes at a provider that answers like this, and returns how the call settled. */
async function authorizedBy(listener: RequestListener): Promise<PromiseSettledResult<unknown> | undefined> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const payments = httpPayments({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const call = { key: 'chk_1:payment-authorized', amount: { minor: 3000n, currency: 'USD' }, token: 'tok_visa' };
  const [settled] = await Promise.allSettled([payments.authorize(call)]);
  server.close();
  server.closeAllConnections();
  return settled;
}

/** More than the loopback buffers of any machine hold for a client that does not read. */
const FAR_TOO_MUCH_BYTES = 50_000_000;
const PIECE = 'a'.repeat(65_536);
const JSON_TYPE = { 'content-type': 'application/json' };

test.each([
  ['50 MB', FAR_TOO_MUCH_BYTES, (response) => response.writeHead(200, JSON_TYPE)],
  [
    '50 MB that say so',
    FAR_TOO_MUCH_BYTES,
    (response) => response.writeHead(200, { ...JSON_TYPE, 'content-length': FAR_TOO_MUCH_BYTES }),
  ],
  ['an answer without an end', Infinity, (response) => response.writeHead(200, JSON_TYPE)],
  ['a refusal without an end', Infinity, (response) => response.writeHead(500, JSON_TYPE)],
  [
    'a redirect without an end',
    Infinity,
    (response) => response.writeHead(307, { location: '/provider/v1/payments/void' }),
  ],
] satisfies [string, number, (response: ServerResponse) => void][])(
  'hangs up early on a provider that answers with %s',
  async (_what, most, begin) => {
    const sent: number[] = [];
    const closed: Promise<unknown>[] = [];

    const authorization = await authorizedBy((_, response) => {
      let bytes = 0;
      const pour = () => {
        for (let goesOn = true; goesOn && !response.destroyed && bytes < most; bytes += PIECE.length) {
          goesOn = response.write(PIECE);
        }
      };
      closed.push(once(response, 'close').then(() => sent.push(bytes)));
      begin(response);
      response.write('{"outcome":"blocked","a":"');
      response.on('drain', pour);
      pour();
    });
    await Promise.all(closed);

    expect(authorization).toMatchObject({ status: 'rejected', reason: expect.any(ProviderFault) });
    // Called once: redirects are not followed.
    expect(sent).toHaveLength(1);
    expect(sent[0]).toBeLessThan(FAR_TOO_MUCH_BYTES / 2);
  },
);

test.each([
  ['arrays in arrays', `{"outcome":"blocked","a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
  ['a prototype', '{"outcome":"blocked","__proto__":{"outcome":"authorized"}}'],
  ['an outcome twice', '{"outcome":"authorized","outcome":"blocked"}'],
  ['an outcome that is an object', '{"outcome":{"toString":"authorized"}}'],
])('does not authorize when a provider answers with %s', async (_what, body) => {
  const authorization = await authorizedBy((_, response) => void response.writeHead(200, JSON_TYPE).end(body));

  expect(JSON.stringify(authorization)).not.toContain('authorized');
  expect({}).not.toHaveProperty('outcome');
});
