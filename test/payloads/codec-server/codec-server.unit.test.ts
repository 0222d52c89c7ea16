import { afterAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { buildCodecServer } from '../../../src/payloads/codec-server/build-codec-server';
import { parseOrigins } from '../../../src/payloads/codec-server/origin-guard';
import { parseToken } from '../../../src/payloads/codec-server/token-guard';
import { payloadCodec } from '../../../src/payloads/payload-codec';
import { parsePayloadKeys } from '../../../src/payloads/payload-keys';
import { UnreadablePayload } from '../../../src/payloads/sealed-payload';
import { aKeyEntry, aPayload } from '../../runtime/setup';

const TOKEN = 'a-token-of-at-least-thirty-two-letters';
const WEB_UI = 'http://127.0.0.1:8233';
const SECRET = '{"authorizationId":"auth_1"}';

const logged: string[] = [];
const codec = payloadCodec(parsePayloadKeys(aKeyEntry('one')), { anyWorkflow: true });
const app = buildCodecServer({
  decode: (payloads) => {
    if (payloads.length === 0) throw new Error('The decoder is broken');
    return codec.decode(payloads);
  },
  isUnreadable: (error) => error instanceof UnreadablePayload,
  token: TOKEN,
  origins: [WEB_UI],
  logger: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
});
afterAll(() => app.close());

async function encrypted(text = SECRET): Promise<{ metadata: Record<string, string>; data: string }> {
  const [payload] = await codec.encode([aPayload(text)], { type: 'workflow', namespace: 'default', workflowId: 'one' });
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const metadata = Object.entries(payload?.metadata ?? {}).map(([name, bytes]) => [name, base64(bytes)] as const);
  return { metadata: Object.fromEntries(metadata), data: base64(payload?.data ?? new Uint8Array()) };
}

interface Call {
  url?: string;
  payload?: string | object;
  headers?: Record<string, string>;
  method?: 'POST' | 'OPTIONS' | 'GET';
}
const call = ({ url = `/${TOKEN}/decode`, payload, headers = {}, method = 'POST' }: Call) =>
  app.inject({ method, url, headers: { 'content-type': 'application/json', ...headers }, ...(payload && { payload }) });

const decoded = { payloads: [{ metadata: { encoding: base64Of('json/plain') }, data: base64Of(SECRET) }] };

test.each<[string, Call]>([
  ['as the Web UI writes it', { url: `/${TOKEN}//decode?preserveStorageRefs=true`, headers: { origin: WEB_UI } }],
  ['as its next version may write it', { url: `/${TOKEN}/decode`, headers: { origin: WEB_UI } }],
  ['as the command line writes it', { headers: { 'x-namespace': 'default' } }],
  ['as a bearer', { url: '/decode', headers: { authorization: `Bearer ${TOKEN}` } }],
  ['beside the token of another login', { headers: { authorization: 'Bearer of-something-else' } }],
])('decrypts with the token, sent %s', async (_, request) => {
  const response = await call({ ...request, payload: { payloads: [await encrypted()] } });

  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual(decoded);
  expect(response.headers['cache-control']).toBe('no-store');
  expect(response.headers['access-control-allow-origin']).toBe(request.headers?.['origin']);
});

test('returns what was never encrypted', async () => {
  const response = await call({ payload: decoded });

  expect(response.json()).toEqual(decoded);
});

test.each([5_000, 17])('answers %d nested arrays with 400 before it descends into them', async (levels) => {
  const deep = '['.repeat(levels) + ']'.repeat(levels);

  const response = await call({ payload: `{"payloads":[],"more":${deep}}` });

  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ code: 'nested-too-deeply' });
});

test.each<[string, Call]>([
  ['nothing', { url: '/decode' }],
  ['another token', { url: `/${TOKEN.replace('a', 'b')}/decode` }],
  ['the beginning of the token', { url: `/${TOKEN.slice(0, -1)}/decode` }],
  ['another bearer', { url: '/decode', headers: { authorization: `Bearer ${TOKEN}x` } }],
  ['the token without its scheme', { url: '/decode', headers: { authorization: TOKEN } }],
  ['the token in the query', { url: `/decode?token=${TOKEN}` }],
  ['an unknown path', { url: '/' }],
])('answers 401 to an anonymous request with %s', async (_, request) => {
  const response = await call({ ...request, payload: { payloads: [await encrypted()] } });

  expect(response.statusCode).toBe(401);
  expect(response.body).not.toContain(TOKEN);
  expect(response.body).not.toContain('auth_1');
});

test.each([
  'http://127.0.0.1:8234',
  'https://127.0.0.1:8233',
  'http://localhost:8233',
  'http://127.0.0.1:8233.evil.example',
  'null',
])('answers 403 to a page of origin %s that knows the token, without CORS headers', async (origin) => {
  const post = await call({ headers: { origin }, payload: { payloads: [await encrypted()] } });
  const preflight = await call({ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  for (const response of [post, preflight]) {
    expect(response.statusCode).toBe(403);
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
    expect(response.body).not.toContain('auth_1');
  }
});

test('answers the preflight of the Web UI’s browser', async () => {
  const { statusCode, headers } = await call({ method: 'OPTIONS', headers: { origin: WEB_UI } });

  expect(statusCode).toBe(204);
  expect(headers).toMatchObject({
    'access-control-allow-origin': WEB_UI,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': expect.stringContaining('x-namespace'),
    vary: 'origin',
  });
});

test.each<[string, number, Call]>([
  ['more than 4 MiB', 413, { payload: { payloads: [{ data: 'A'.repeat(4 * 1024 * 1024) }] } }],
  ['half a body', 400, { payload: '{"payloads":[' }],
  ['no list of payloads', 400, { payload: { payloads: 'all' } }],
  ['bytes as a number', 400, { payload: { payloads: [{ data: 1 }] } }],
  ['another content type', 415, { payload: 'payloads', headers: { 'content-type': 'text/plain' } }],
  ['a request to encrypt', 404, { url: '/encode', payload: decoded, headers: { authorization: `Bearer ${TOKEN}` } }],
])('%s: %i', async (_, status, request) => {
  expect((await call(request)).statusCode).toBe(status);
});

test("answers 422 with the key's id for a payload that no key opens", async () => {
  const { metadata, data } = await encrypted();

  const response = await call({
    payload: { payloads: [{ metadata: { ...metadata, 'encryption-key-id': base64Of('lost') }, data }] },
  });

  expect(response.statusCode).toBe(422);
  expect(response.json()).toEqual({
    code: 'unreadable-payload',
    message: expect.stringContaining('encrypted with the key "lost", which is not in PAYLOAD_KEYS'),
  });
});

test('answers a bug with 500 and a message that reveals nothing', async () => {
  const response = await call({ payload: { payloads: [] } });

  expect([response.statusCode, response.json()]).toEqual([
    500,
    { code: 'internal-error', message: 'Something is broken on our side' },
  ]);
  expect(logged.join()).toContain('The decoder is broken');
});

test('logs neither tokens nor contents, whatever happens', async () => {
  await call({ payload: { payloads: [await encrypted()] } });
  await call({ payload: { payloads: [] } });
  await call({ payload: `{"payloads":[{"data":"${SECRET}` });

  const log = logged.join('\n');
  for (const secret of [TOKEN, 'auth_1', base64Of(SECRET)]) expect(log).not.toContain(secret);
  expect(log).not.toMatch(/payloads\\?"/);
});

test.each([
  ['*', 'CODEC_ORIGIN has "*", which is not an origin'],
  ['http://127.0.0.1:8233/', 'CODEC_ORIGIN has "http://127.0.0.1:8233/", which is not an origin'],
  ['127.0.0.1:8233', 'which is not an origin: write it like http://127.0.0.1:8233'],
])('rejects the origin %s', (text, sentence) => {
  expect(() => parseOrigins(text)).toThrow(sentence);
});

test('reads several origins, or none', () => {
  expect(parseOrigins(`${WEB_UI}, https://temporal.example`)).toEqual([WEB_UI, 'https://temporal.example']);
  expect(parseOrigins('')).toEqual([]);
});

test.each(['short', 'with a space, but otherwise long enough', 'x'.repeat(129)])('rejects the token %j', (text) => {
  expect(() => parseToken(text)).toThrow('CODEC_TOKEN must be 32 to 128 letters and digits');
});

function base64Of(text: string): string {
  return Buffer.from(text).toString('base64');
}
