import { once } from 'node:events';
import net from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually';
import { FaultyRoad } from './faulty-road';
import type { Mishap } from './faulty-road';

/** Longer than any test. */
const FOR_EVER_MS = 60_000;
const SHORTLY_MS = 50;

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server that echoes what it is sent, a road to it, and a client at the other end. */
async function setup() {
  const asked: string[] = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      asked.push(data.toString());
      socket.write(`answer to ${data.toString()}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => void server.close());
  const { port } = server.address() as net.AddressInfo;
  const road = await FaultyRoad.open('a road', { host: '127.0.0.1', port });
  closers.push(() => road.close());
  const client = net.connect(road.port, '127.0.0.1').setEncoding('utf8');
  await once(client, 'connect');
  const struck: true[] = [];
  const arm = (mishap: Mishap) => road.arm(mishap, () => struck.push(true));
  return { asked, road, client, struck, arm };
}

test('passes everything in both directions without a fault', async () => {
  const { client, asked } = await setup();

  client.write('a');

  expect(await once(client, 'data')).toEqual(['answer to a']);
  expect(asked).toEqual(['a']);
});

test.each(['request', 'answer'] as const)('resets the connection on the %s', async (on) => {
  const { client, asked, arm, struck } = await setup();
  arm({ fault: 'reset', on, ms: 0 });

  client.write('a');

  const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
  expect(asked).toEqual(on === 'request' ? [] : ['a']);
  expect(struck).toHaveLength(1);
});

test('truncates an answer to its first half', async () => {
  const { client, arm } = await setup();
  arm({ fault: 'truncated', on: 'answer', ms: 0 });
  let received = '';
  client.on('data', (text: string) => (received += text));

  client.write('a');

  await once(client, 'close');
  expect(received).toBe('answer');
});

test('keeps a half-open connection open and silent until it is calmed', async () => {
  const { client, road, arm, struck } = await setup();
  arm({ fault: 'half-open', on: 'answer', ms: FOR_EVER_MS });
  client.on('error', () => undefined);
  let received = '';
  client.on('data', (text: string) => (received += text));
  client.write('a');
  await eventually(() => struck[0]);

  client.write('b');
  expect(client.readyState).toBe('open');
  road.calm();

  await new Promise((resolve) => client.once('close', resolve));
  expect(received).toBe('');
});

test('delays a request without losing anything', async () => {
  const { client, arm } = await setup();
  arm({ fault: 'delayed', on: 'answer', ms: SHORTLY_MS });
  const since = performance.now();

  client.write('a');

  expect(await once(client, 'data')).toEqual(['answer to a']);
  expect(performance.now() - since).toBeGreaterThanOrEqual(SHORTLY_MS - 1);
});

test('does nothing after it is disarmed', async () => {
  const { client, arm, struck } = await setup();
  arm({ fault: 'reset', on: 'request', ms: 0 })();

  client.write('a');

  expect(await once(client, 'data')).toEqual(['answer to a']);
  expect(struck).toEqual([]);
});
