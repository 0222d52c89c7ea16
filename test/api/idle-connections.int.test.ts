import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';

const LOAD_BALANCER_SECONDS = 60;

let world: ApiWorld;
let port: number;
beforeAll(async () => {
  world = await apiWorld();
  await world.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = world.app.server.address() as AddressInfo);
});
afterAll(() => world.close());

test('keeps an idle connection open longer than a load balancer does, and closes it on shutdown', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  const closed = once(socket, 'close');

  await world.app.close();

  const seconds = Number(/^keep-alive: timeout=(\d+)/im.exec(answer.toString())?.[1]);
  expect(seconds).toBeGreaterThan(LOAD_BALANCER_SECONDS);
  await closed;
});
