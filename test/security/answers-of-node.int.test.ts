import net from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { claimsOf } from '../api/setup';
import { calm } from './calm';
import { documentedRoutes } from './documented-routes';

interface Documentation {
  readonly paths: Record<string, Record<string, { readonly responses: object }>>;
}

const logged: string[] = [];
let world: ApiWorld;
let api: URL;
beforeAll(async () => {
  world = await apiWorld({ logger: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }) });
  api = new URL(await world.app.listen({ host: '127.0.0.1', port: 0 }));
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

/** Sends this and nothing more, and returns all that the server answers until it closes the connection. */
async function answerTo(sent: string) {
  const socket = net.connect(Number(api.port), api.hostname);
  socket.write(sent);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  const [status = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(': ', 2) as [string, string]));
  return { status: Number(status.split(' ')[1]), headers, body };
}

const HEAD = 'POST /v1/checkouts HTTP/1.1\r\nhost: api\r\nauthorization: Bearer sk_sandbox_acme\r\n';
const JSON_TYPE = 'content-type: application/json\r\n';

async function expectProblem(sent: string, status: number, code: string) {
  const answer = await answerTo(sent);

  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  });
  expect(JSON.parse(answer.body)).toMatchObject({ status, code, type: `/problems/${code}` });
}

test.each([
  ['no HTTP at all', 'HELO mail\r\n\r\n', 400, 'invalid-http'],
  ['two lengths', `${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\nx`, 400, 'invalid-http'],
  ['a length and chunks', `${HEAD}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\nx`, 400, 'invalid-http'],
  ['a header with a NUL', `${HEAD}x: a\0b\r\n\r\n`, 400, 'invalid-http'],
  ['no Host', 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'invalid-http'],
  ['an expectation', `${HEAD}expect: a-miracle\r\nconnection: close\r\n\r\n`, 417, 'expectation-failed'],
  ['headers over 16 KiB', `${HEAD}x: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
] as const)('answers %s with a problem that has the usual headers', async (_attack, sent, status, code) => {
  await expectProblem(sent, status, code);
});

test('the documentation of each route has the answers that HTTP itself can cause', async () => {
  const { paths } = (await world.app.inject('/openapi.json')).json<Documentation>();
  const undocumented: unknown[] = [];
  for (const { method, path } of await documentedRoutes(world.app)) {
    const line = `${method} ${path.replace(/\{\w+\}/, 'x')} HTTP/1.1\r\nconnection: close\r\n`;
    const documented = paths[path]?.[method.toLowerCase()]?.responses ?? {};
    for (const flaw of ['', 'host: api\r\nexpect: a-miracle\r\n', `host: api\r\nx: ${'x'.repeat(20_000)}\r\n`]) {
      const { status } = await answerTo(`${line}${flaw}\r\n`);
      if (!(status in documented)) undocumented.push([method, path, status]);
    }
    // Slow headers on any route, and bodies where one is read.
    for (const status of [408, ...(method === 'GET' ? [] : [413, 415])]) {
      if (!(status in documented)) undocumented.push([method, path, status]);
    }
  }
  expect(undocumented).toEqual([]);
});

const TEN_SECONDS = { requestTimeout: 10_000, headersTimeout: 10_000 };

test.each([
  ['slow headers', HEAD],
  ['slow body', `${HEAD}${JSON_TYPE}content-length: 400\r\n\r\n{`],
])('answers %s with the documented request-timeout', async (_attack, sent) => {
  const { server } = world.app;
  Object.assign(server, { requestTimeout: 300, headersTimeout: 300 });
  await expectProblem(sent, 408, 'request-timeout').finally(() => Object.assign(server, TEN_SECONDS));
});

test.each(['gzip', 'br', 'identity, gzip', 'x'])(
  'answers Content-Encoding %s on a plain body with 415',
  async (encoding) => {
    const key = aKey();
    const refused = await place(world.app, { key, headers: { 'content-encoding': encoding } });

    expect(refused.statusCode).toBe(415);
    expect(refused.json()).toMatchObject({ code: 'unsupported-media-type' });
    expect(refused.headers['accept-encoding']).toBe('identity');
    expect(await claimsOf(world, key)).toBe(0);
  },
);

test('ignores Content-Encoding on a GET, which has no body', async () => {
  const answer = await world.app.inject({ url: '/healthz', headers: { 'content-encoding': 'gzip' } });

  expect(answer.statusCode).toBe(200);
});

test('does not replay an answer for the same bytes declared as compressed', async () => {
  const key = aKey();
  expect((await place(world.app, { key })).statusCode).toBe(202);
  const body = '{}';
  const twice = [await place(world.app, { key, body }), await place(world.app, { key, body })];
  expect(twice.map(({ statusCode }) => statusCode)).toEqual([400, 400]);

  expect((await place(world.app, { key, headers: { 'content-encoding': 'gzip' } })).statusCode).toBe(415);
  expect((await place(world.app, { key: aKey(), headers: { 'content-encoding': 'Identity' } })).statusCode).toBe(202);
});

const HOSTILE = ['%00', 'a%00b', '%00/x', '%', '%zz', '%c0%ae', '%ff', '..%2f..%2fpackage.json', '%2e%2e', '%5c', '//'];
const SOMETHING = [...HOSTILE, '.', '%0d%0ax', '%e2%80%ae', 'a'.repeat(5_000), 'index.html/x', 'swagger-ui.css/%00'];

test('a path with a NUL or a malformed escape on any route causes no error of ours, with or without a key', async () => {
  const documented = (await documentedRoutes(world.app)).map(({ path }) => path.replace(/\{\w+\}/, 'x'));
  logged.length = 0;
  for (const base of new Set([...documented, '', '/docs', '/docs/static', '/problems', '/asyncapi.json'])) {
    for (const piece of SOMETHING) {
      for (const headers of [{}, { authorization: 'Bearer sk_sandbox_acme' }, { range: 'bytes=9-1' }]) {
        // Under pressure it would answer 503 to anything.
        await calm(world.app);
        const { statusCode } = await world.app.inject({ url: `${base}/${piece}`, headers });
        expect([base, piece, statusCode < 500 || statusCode]).toEqual([base, piece, true]);
      }
    }
  }
  expect(logged).toEqual([]);
});

test('answers GET /docs/static/%00 with a 404 problem, and logs nothing', async () => {
  logged.length = 0;
  for (const piece of ['%00', 'a%00', '%00/swagger-ui.css', '..%2fpackage.json', 'no-such-file']) {
    const answer = await world.app.inject({ url: `/docs/static/${piece}` });
    expect([piece, answer.statusCode, answer.json()]).toMatchObject([piece, 404, { code: 'not-found' }]);
  }
  const ranged = await world.app.inject({ url: '/docs/static/swagger-ui.css', headers: { range: 'bytes=99999999-' } });
  expect(ranged.statusCode).toBe(200);
  expect(logged).toEqual([]);
});

test('documents every refusal as a problem, except that `/readyz` has its own format', async () => {
  const { paths } = (await world.app.inject('/openapi.json')).json<Documentation>();
  const others = (await documentedRoutes(world.app)).flatMap(({ method, path }) =>
    Object.entries(paths[path]?.[method.toLowerCase()]?.responses ?? {})
      .flatMap(([status, answer]) =>
        Object.keys((answer as { content?: object }).content ?? {}).map((type) => [path, status, type]),
      )
      .filter(([, status, type]) => Number(status) >= 400 !== (type === 'application/problem+json')),
  );

  expect(others).toEqual([['/readyz', '503', 'application/json']]);
});
