import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { HTTP_PORTS } from '../../../src/adapters/http/http-ports';
import { ProviderFault } from '../../../src/ports/provider-fault';
import type { Fault } from '../../../src/ports/provider-fault';
import { HOSTILITIES, hostileReceiver } from '../../support/hostile-receiver';
import { everyCall, SENT_IN_CONFIDENCE } from './every-call';

const key = 'chk_1:step';
/** Only for tests of silence: on a busy machine, a torn answer may take this long as well. */
const SHORT_TIMEOUT_MS = 300;

/** Makes every call there is against a provider that always answers like this, and returns what each one threw. */
async function failuresAgainst(listener: RequestListener, timeoutMs?: number): Promise<unknown[]> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const settled = await Promise.allSettled(
    everyCall(`http://127.0.0.1:${port}/`, timeoutMs === undefined ? {} : { timeoutMs }),
  );
  server.close();
  server.closeAllConnections();
  return settled.map((result) => (result.status === 'rejected' ? (result.reason as unknown) : undefined));
}

const json = (response: ServerResponse, body: string, status = 200, type = 'application/json') =>
  response.writeHead(status, { 'content-type': type }).end(body);

const BAD: [string, Fault, RegExp, RequestListener][] = [
  ['500', 'server-error', /with status 500/, (_, response) => json(response, '{"outcome":"authorized"}', 500)],
  ['503', 'server-error', /with status 503/, (_, response) => json(response, '{}', 503)],
  ['429', 'rate-limited', /with status 429/, (_, response) => json(response, '{}', 429)],
  ['409', 'key-reused', /with status 409/, (_, response) => json(response, '{}', 409)],
  ['404 in HTML', 'refused-call', /with status 404/, (_, response) => json(response, '<p>no</p>', 404, 'text/html')],
  ['201', 'unusable-answer', /with status 201/, (_, response) => json(response, '{"outcome":"blocked"}', 201)],
  [
    'a redirect',
    'redirected',
    /with status 307/,
    (request, response) => {
      if (request.url === '/elsewhere') json(response, '{"outcome":"closed"}');
      else response.writeHead(307, { location: '/elsewhere' }).end();
    },
  ],
  [
    'HTML',
    'not-json',
    /has no JSON content type/,
    (_, response) => json(response, '<p>Thank you, Lovelace</p>', 200, 'text/html'),
  ],
  ['no type', 'not-json', /has no JSON content type/, (_, response) => response.end('{"outcome":"blocked"}')],
  ['half an answer', 'not-json', /not a JSON object/, (_, response) => json(response, '{"outcome":"auth')],
  ['nothing', 'not-json', /not a JSON object/, (_, response) => json(response, '')],
  ['a list', 'not-json', /not a JSON object/, (_, response) => json(response, '[{"outcome":"blocked"}]')],
  ['null', 'not-json', /not a JSON object/, (_, response) => json(response, 'null')],
  [
    'what it was sent',
    'not-json',
    /not a JSON object/,
    (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      request.pipe(response).write('oops ');
    },
  ],
  ['an unknown outcome', 'unknown-outcome', /is unknown/, (_, response) => json(response, '{"outcome":"maybe"}')],
  ['no outcome', 'unknown-outcome', /outcome is unknown/, (_, response) => json(response, '{}')],
  [
    'an outcome of objects',
    'unknown-outcome',
    /outcome is unknown/,
    (_, response) => json(response, '{"outcome":"toString"}'),
  ],
  [
    'two megabytes',
    'too-large',
    /larger than \d+ bytes/,
    (_, response) => json(response, `{"outcome":"blocked","a":"${'a'.repeat(2_000_000)}"}`),
  ],
  ['a torn connection', 'unreachable', /no complete answer/, (request) => request.socket.destroy()],
  [
    'a torn body',
    'unreachable',
    /no complete answer/,
    (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"outcome":');
      request.socket.end();
    },
  ],
  [
    'what is no HTTP',
    'unreachable',
    /no complete answer/,
    (request) => request.on('data', (sent: Buffer) => request.socket.end(sent)),
  ],
];

function expectMessages(failures: readonly unknown[], fault: Fault, sentence: RegExp): void {
  expect(failures.length).toBeGreaterThan(0);
  for (const failure of failures) {
    expect(failure).toBeInstanceOf(ProviderFault);
    expect(failure).toMatchObject({ fault });
    expect((failure as Error).message).toMatch(sentence);
    for (const secret of SENT_IN_CONFIDENCE) expect(inspect(failure, { depth: 9 })).not.toContain(secret);
  }
}

test.each(BAD)('throws a message without personal data for %s', async (_what, fault, sentence, listener) => {
  expectMessages(await failuresAgainst(listener), fault, sentence);
});

test.each([
  ['silence', () => undefined],
  [
    'silence after the first byte',
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    },
  ],
] satisfies [string, RequestListener][])('after %s, throws that the time is over', async (_what, listener) => {
  const failures = await failuresAgainst(listener, SHORT_TIMEOUT_MS);

  expectMessages(failures, 'timed-out', /did not answer .* within 300 ms/);
});

test.each([
  ['seconds', { 'retry-after': '7' }, 7_000],
  ['no time', { 'retry-after': '0' }, 0],
  ['a moment', { 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }, 30_000],
  [
    'a moment that is over',
    { 'retry-after': 'Wed, 21 Oct 2026 07:27:00 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' },
    0,
  ],
  ['nonsense', { 'retry-after': 'soon' }, undefined],
  ['nothing', {}, undefined],
])('tells how long a provider asked to be left alone: %s', async (_how, headers, retryAfterMs) => {
  for (const status of [429, 503]) {
    const [failure] = await failuresAgainst((_, response) => response.writeHead(status, headers).end());

    expect(failure).toMatchObject({ isAway: true, retryAfterMs });
  }
});

test('throws when nothing listens, with the reason', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');

  const failure: unknown = await HTTP_PORTS.payments({ url: `http://127.0.0.1:${port}` })
    .void({ key })
    .catch((error: unknown) => error);

  expect(failure).toMatchObject({ fault: 'unreachable', isAway: true });
  expect((failure as Error).message).toMatch(
    'cannot be reached (ECONNREFUSED): /provider/v1/payments/void was not called',
  );
});

test.each(HOSTILITIES)('settles a call to a provider that answers with %s as one that may have acted', async (how) => {
  const provider = await hostileReceiver(how);
  const payments = HTTP_PORTS.payments({ url: `http://127.0.0.1:${provider.port}` }, { timeoutMs: SHORT_TIMEOUT_MS });

  const failure = await payments.void({ key }).catch((error: unknown) => error);
  await provider.close();

  expect(failure).toMatchObject({ isAway: true });
  expect((failure as Error).message).toContain('may have acted');
});
