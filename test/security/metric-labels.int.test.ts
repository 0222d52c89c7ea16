import { METHODS } from 'node:http';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { parsePrometheus } from '../support/prometheus-text';
import { calm } from './calm';
import { documentedRoutes } from './documented-routes';

let world: ApiWorld;
let api: URL;
beforeAll(async () => {
  world = await apiWorld();
  api = new URL(await world.app.listen({ host: '127.0.0.1', port: 0 }));
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

/** The values of each label, over all metrics. */
async function labels(): Promise<Map<string, Set<string>>> {
  const values = new Map<string, Set<string>>();
  for (const { samples } of parsePrometheus((await world.app.inject('/metrics')).body).values()) {
    for (const sample of samples) {
      for (const [label, value] of Object.entries(sample.labels)) {
        values.set(label, (values.get(label) ?? new Set()).add(value));
      }
    }
  }
  return values;
}

/** Sends one raw request, whatever it is. */
async function send(method: string, path: string): Promise<void> {
  const socket = net.connect(Number(api.port), api.hostname);
  socket.end(
    `${method} ${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer sk_sandbox_acme\r\nconnection: close\r\n\r\n`,
  );
  await text(socket).catch(() => undefined);
}

test('no label has an unknown value, whatever a client makes up', async () => {
  const documented = (await documentedRoutes(world.app)).map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1'));
  const segment = fc.string({ minLength: 1, maxLength: 12 }).map(encodeURIComponent);
  const somewhere = fc.oneof(
    fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
    fc.tuple(fc.constantFrom(...documented, '/docs/static/:id'), segment).map(([path, id]) => path.replace(':id', id)),
    fc.tuple(fc.constantFrom(...documented), segment).map(([path, query]) => `${path}?${query}`),
    segment,
  );
  const method = fc.oneof(fc.constantFrom(...METHODS), fc.stringMatching(/^[A-Z]{3,8}$/));

  // What is made up rarely meets a route by its method too.
  for (const path of ['/healthz', '/v1/checkouts', '/openapi.json', '/problems']) await send('GET', path);
  await fc.assert(fc.asyncProperty(method, somewhere, send), { numRuns: 500 });

  const { get } = await labels().then((values) => ({ get: (label: string) => [...(values.get(label) ?? [])] }));
  const routes = [...documented, '/openapi.json', '/asyncapi.json', 'none', '*'];
  const madeUp = get('route').filter((route) => !routes.includes(route) && !route.startsWith('/docs'));
  expect(madeUp).toEqual([]);
  expect(get('route').length).toBeGreaterThan(3);
  expect(get('method').filter((name) => !METHODS.includes(name))).toEqual([]);
  expect(get('status').filter((status) => !/^[2-5]\d\d$/.test(status))).toEqual([]);
});
