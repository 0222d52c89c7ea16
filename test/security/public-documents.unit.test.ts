import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { bareApi } from '../support/bare-api';
import { calm } from './calm';

let app: FastifyInstance;
beforeEach(async () => {
  ({ app } = await bareApi());
  await calm(app);
});
afterEach(() => app.close());

const DOCUMENTS = ['/openapi.json', '/asyncapi.json', '/problems', '/docs/json', '/docs/yaml'];

test('renders a document once, however often it is requested', async () => {
  await app.inject('/openapi.json');
  await app.inject('/docs/json');
  await app.inject('/docs/yaml');
  const swagger = jest.spyOn(app, 'swagger');

  for (const url of ['/openapi.json', '/docs/json', '/docs/yaml']) {
    expect((await app.inject(url)).statusCode).toBe(200);
  }
  const made = swagger.mock.calls.length;
  swagger.mockRestore();

  expect(made).toBe(0);
});

test.each(DOCUMENTS)('answers %s with 304 and no body to a client that has it', async (url) => {
  const first = await app.inject(url);
  const { etag } = first.headers;
  const askedWith = (tags: string) => app.inject({ url, headers: { 'if-none-match': tags } });

  expect(first.headers).toMatchObject({ 'cache-control': 'no-cache', etag: expect.stringMatching(/^"[\w-]{43}"$/) });
  for (const tags of [`${etag}`, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await askedWith(tags);
    expect([tags, again.statusCode, again.body, again.headers['etag']]).toEqual([tags, 304, '', etag]);
  }
  const other = await askedWith('"other"');
  expect([other.statusCode, other.body]).toEqual([200, first.body]);
});

test('answers a flood of document requests with 429 long before other routes, which go on', async () => {
  const urls = [...DOCUMENTS, '/problems/not-found', '/docs/', '/docs/static/swagger-ui.css'];
  const statuses = [];
  for (let at = 0; at < 110; at += 1) statuses.push((await app.inject(urls[at % urls.length] ?? '')).statusCode);
  const others = [
    await app.inject('/healthz'),
    await app.inject('/readyz'),
    await app.inject({ url: '/problems', remoteAddress: '203.0.113.9' }),
  ];

  expect(new Set(statuses.slice(0, 100))).toEqual(new Set([200]));
  expect(new Set(statuses.slice(100))).toEqual(new Set([429]));
  expect(others.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
});
