import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { SandboxCarrier } from '../../src/adapters/sandbox-carrier';
import { SandboxHttp } from '../../src/adapters/sandbox-http';
import { SandboxMailer } from '../../src/adapters/sandbox-mailer';
import { SandboxPayments } from '../../src/adapters/sandbox-payments';
import { SandboxWarehouse } from '../../src/adapters/sandbox-warehouse';
import { ProviderUnreachable } from '../../src/ports/provider-unreachable';
import { HOSTILITIES, hostileReceiver } from '../support/hostile-receiver';

const SECRETS = ['tok_secret_9', 'ada@example.com', 'Lovelace', 'Square'];
const address = { name: 'Lovelace', line1: '12 Square', city: 'C', postalCode: 'P', country: 'GB' };
const key = 'chk_1:step';
/** Only for tests of silence: on a busy machine, a torn answer may take this long as well. */
const SHORT_TIMEOUT_MS = 300;

/** Makes every call there is against a provider that always answers like this, and returns what each one threw. */
async function failuresAgainst(listener: RequestListener, timeoutMs?: number): Promise<unknown[]> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const http = new SandboxHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, timeoutMs);
  const amount = { minor: 3000n, currency: 'USD' };
  const calls = [
    new SandboxPayments(http).authorize({ key, amount, token: 'tok_secret_9' }),
    new SandboxPayments(http).void({ key }),
    new SandboxPayments(http).capture({ key, amount }),
    new SandboxWarehouse(http).trigger({ key, lines: [{ sku: 'MUG-BLUE', quantity: 1 }], address }),
    new SandboxWarehouse(http).cancel({ key }),
    new SandboxMailer(http).sendConfirmation({ key, to: 'ada@example.com', orderId: 'chk_1', total: 'USD 1.00' }),
    new SandboxMailer(http).sendCancellation({ key, to: 'ada@example.com', orderId: 'chk_1' }),
    new SandboxCarrier(http).generateLabel({ key, address, orderId: 'chk_1' }),
    new SandboxCarrier(http).voidLabel({ key }),
  ];
  const settled = await Promise.allSettled(calls);
  server.close();
  server.closeAllConnections();
  return settled.map((result) => (result.status === 'rejected' ? (result.reason as unknown) : undefined));
}

const json = (response: ServerResponse, body: string, status = 200, type = 'application/json') =>
  response.writeHead(status, { 'content-type': type }).end(body);

const BAD: [string, RegExp, RequestListener][] = [
  ['500', /with status 500/, (_, response) => json(response, '{"outcome":"authorized"}', 500)],
  ['404 in HTML', /with status 404/, (_, response) => json(response, '<p>no</p>', 404, 'text/html')],
  [
    'a redirect',
    /with status 307/,
    (request, response) => {
      if (request.url === '/elsewhere') json(response, '{"outcome":"closed"}');
      else response.writeHead(307, { location: '/elsewhere' }).end();
    },
  ],
  [
    'the wrong type',
    /has no JSON content type/,
    (_, response) => json(response, '{"outcome":"blocked"}', 200, 'text/plain'),
  ],
  ['no type', /has no JSON content type/, (_, response) => response.writeHead(200).end('{"outcome":"blocked"}')],
  ['half an answer', /not a JSON object/, (_, response) => json(response, '{"outcome":"auth')],
  ['nothing', /not a JSON object/, (_, response) => json(response, '')],
  ['a list', /not a JSON object/, (_, response) => json(response, '[{"outcome":"blocked"}]')],
  ['null', /not a JSON object/, (_, response) => json(response, 'null')],
  ['an unknown outcome', /outcome is unknown/, (_, response) => json(response, '{"outcome":"maybe"}')],
  ['no outcome', /outcome is unknown/, (_, response) => json(response, '{}')],
  [
    '70 000 bytes',
    /no complete answer/,
    (_, response) => json(response, `{"outcome":"blocked","a":"${'a'.repeat(70_000)}"}`),
  ],
  ['a torn connection', /no complete answer/, (request) => request.socket.destroy()],
  [
    'a torn body',
    /no complete answer/,
    (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"outcome":');
      request.socket.end();
    },
  ],
  [
    'what it was sent',
    /not a JSON object/,
    (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      request.pipe(response).write('oops ');
    },
  ],
];

function expectMessages(failures: readonly unknown[], sentence: RegExp): void {
  for (const failure of failures) {
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).toMatch(sentence);
    for (const secret of SECRETS) expect(inspect(failure, { depth: 9 })).not.toContain(secret);
  }
}

test.each(BAD)('throws a message without personal data for %s', async (_what, sentence, listener) => {
  expectMessages(await failuresAgainst(listener), sentence);
});

test.each([
  ['silence', () => undefined],
  [
    'silence after the first byte',
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    },
  ],
] satisfies [string, RequestListener][])(
  'after %s, throws that the provider is unreachable',
  async (_what, listener) => {
    const failures = await failuresAgainst(listener, SHORT_TIMEOUT_MS);

    expectMessages(failures, /did not answer .* within 300 ms/);
    expect(failures.map((failure) => failure instanceof ProviderUnreachable)).toEqual(failures.map(() => true));
  },
);

test.each([
  ['a torn connection', true, (request) => request.socket.destroy()],
  ['429', true, (_, response) => json(response, '{}', 429)],
  ['503', true, (_, response) => json(response, '{}', 503)],
  ['500', false, (_, response) => json(response, '{}', 500)],
  ['409', false, (_, response) => json(response, '{}', 409)],
  ['an unknown outcome', false, (_, response) => json(response, '{"outcome":"maybe"}')],
] satisfies [string, boolean, RequestListener][])(
  'after %s, counts the provider as unreachable: %s',
  async (_what, away, listener) => {
    const failures = await failuresAgainst(listener);

    expect(failures.map((failure) => failure instanceof ProviderUnreachable)).toEqual(failures.map(() => away));
  },
);

test('throws when nothing listens, with the reason as its cause', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');

  const failure: unknown = await new SandboxPayments(new SandboxHttp(`http://127.0.0.1:${port}`))
    .void({ key })
    .catch((error: unknown) => error);

  expect((failure as Error).message).toMatch('no complete answer to /payments/voids');
  expect(inspect(failure, { depth: 9 })).toContain('ECONNREFUSED');
});

test.each([
  ['another amount', { amount: 3001, currency: 'USD', authorizationId: 'auth_1' }, /another amount/],
  ['another currency', { amount: 3000, currency: 'EUR', authorizationId: 'auth_1' }, /another amount/],
  ['no amount', { authorizationId: 'auth_1' }, /another amount/],
  ['no id', { amount: 3000, currency: 'USD' }, /authorizationId is missing/],
  ['an id that no database takes', { amount: 3000, currency: 'USD', authorizationId: 'a\u0000b' }, /authorizationId/],
])('rejects an authorization with %s', async (_what, facts, sentence) => {
  const [failure] = await failuresAgainst((_, response) =>
    json(response, JSON.stringify({ outcome: 'authorized', ...facts })),
  );

  expect((failure as Error).message).toMatch(sentence);
});

test.each([
  ['another amount', { amount: 2999, currency: 'USD', captureId: 'cap_1' }, /another amount/],
  ['another currency', { amount: 3000, currency: 'EUR', captureId: 'cap_1' }, /another amount/],
  ['no id', { amount: 3000, currency: 'USD' }, /captureId is missing/],
])('rejects a capture with %s', async (_what, facts, sentence) => {
  const [, , failure] = await failuresAgainst((_, response) =>
    json(response, JSON.stringify({ outcome: 'captured', ...facts })),
  );

  expect((failure as Error).message).toMatch(sentence);
});

test.each(HOSTILITIES)('settles a call to a provider that answers with %s as one that may have acted', async (how) => {
  const provider = await hostileReceiver(how);
  const http = new SandboxHttp(`http://127.0.0.1:${provider.port}`, SHORT_TIMEOUT_MS);

  const failure = await http.post({ path: '/payments', key, body: {} }).catch((error: unknown) => error);
  await provider.close();

  expect(failure).toBeInstanceOf(ProviderUnreachable);
});
