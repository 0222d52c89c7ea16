import { afterEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { webhookSender } from '../../src/webhooks/send';
import type { SenderOptions } from '../../src/webhooks/send';
import { newSecret } from '../../src/webhooks/signature';
import { attacks, rebinding, resolve } from './attacks';
import { certificateFor, listeningReceiver } from './receiver';
import type { ReceiverOptions } from './receiver';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function receiver(options: ReceiverOptions = {}) {
  const listening = await listeningReceiver(options);
  open.push(listening);
  return listening;
}

const secret = newSecret();
const message = {
  id: 'f9f4d3c0-0000-4000-8000-000000000001',
  contentType: 'application/cloudevents+json',
  body: '{"ä":1}',
};
const development = { allowPrivate: true, resolve, now: () => new Date() };

const send = (url: string, options: Partial<SenderOptions> = {}) =>
  webhookSender({ ...development, ...options })({ url, secret }, message);

test('sends the exact bytes, signed by Standard Webhooks', async () => {
  const shop = await receiver();

  const sent = await send(`http://127.0.0.1:${shop.port}/hooks?a=b`);

  const [got] = shop.received;
  expect(sent).toEqual({ status: 'delivered' });
  expect(got).toMatchObject({ path: '/hooks?a=b', body: message.body });
  expect(got?.headers).toMatchObject({ 'content-type': message.contentType, 'webhook-id': message.id });
  const verify = (key: string) => new Webhook(key).verify(got?.body ?? '', got?.headers as Record<string, string>);
  expect(verify(secret)).toEqual({ ä: 1 });
  expect(() => verify(newSecret())).toThrow('No matching signature');
});

describe('refuses when sending, without a connection', () => {
  test.each(attacks().map(([attack]) => attack))('%s', async (attack) => {
    const inside = await receiver();
    const [, url] = attacks(inside.port).find(([name]) => name === attack) ?? ['', ''];

    const sent = await send(url, { allowPrivate: false });

    expect(sent).toMatchObject({ status: 'failed', answered: false });
    expect(inside.connections()).toBe(0);
  });

  test('rebinding name', async () => {
    const inside = await receiver();
    const { ask, answers } = rebinding('93.184.216.34', '127.0.0.1');
    await ask();

    const sent = await send(`https://shop.example:${inside.port}/`, { allowPrivate: false, resolve: ask });

    expect(sent).toMatchObject({ status: 'failed', reason: expect.stringContaining('not public') });
    expect([answers.length, inside.connections()]).toEqual([2, 0]);
  });

  test('redirect to private', async () => {
    const inside = await receiver();
    const location = `http://127.0.0.1:${inside.port}/`;
    const shop = await receiver({
      answer: (_, response) => void response.writeHead(307, { location }).end(),
    });

    const sent = await send(`http://127.0.0.1:${shop.port}/`);

    expect(sent).toEqual({ status: 'failed', reason: 'It answered with status 307.', answered: true });
    expect([shop.connections(), inside.connections()]).toEqual([1, 0]);
  });
});

test('connects to the address it checked, and resolves the name once', async () => {
  const shop = await receiver();
  // The second answer is where a client that resolves again would go; no name server of this machine knows the name.
  const { ask, answers } = rebinding('127.0.0.1', '127.0.0.2');

  const sent = await send(`http://hooks.shop.invalid:${shop.port}/`, { resolve: ask });

  expect(sent).toEqual({ status: 'delivered' });
  expect(answers).toEqual(['127.0.0.1']);
  expect(shop.received[0]?.headers.host).toBe(`hooks.shop.invalid:${shop.port}`);
});

describe('over TLS', () => {
  const certificate = certificateFor('hooks.shop.invalid');
  const pinned = { resolve: rebinding('127.0.0.1').ask, ca: certificate.cert };

  test("uses the host's name, whatever the address", async () => {
    const shop = await receiver({ certificate });

    const sent = await send(`https://hooks.shop.invalid:${shop.port}/`, pinned);

    expect(sent).toEqual({ status: 'delivered' });
    expect(shop.received[0]?.servername).toBe('hooks.shop.invalid');
  });

  test.each([
    ['for another name', 'other.shop.invalid', pinned, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that is self-signed', 'hooks.shop.invalid', { resolve: pinned.resolve }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('sends nothing to a certificate %s', async (_, host, options, code) => {
    const shop = await receiver({ certificate });

    const sent = await send(`https://${host}:${shop.port}/`, options);

    expect(sent).toEqual({ status: 'failed', reason: `It could not be reached: ${code}.`, answered: false });
    expect(shop.received).toEqual([]);
  });
});

test.each([
  [200, { status: 'delivered' }],
  [299, { status: 'delivered' }],
  [410, { status: 'gone' }],
  [302, { status: 'failed', reason: 'It answered with status 302.', answered: true }],
  [404, { status: 'failed', reason: 'It answered with status 404.', answered: true }],
  [503, { status: 'failed', reason: 'It answered with status 503.', answered: true }],
])('handles status %i', async (status, sent) => {
  const shop = await receiver({ answer: () => status });

  expect(await send(`http://127.0.0.1:${shop.port}/`)).toEqual(sent);
});

describe('gives up after its timeout', () => {
  const silent = { status: 'failed', reason: 'It did not answer within 0.2 s.', answered: false };

  test('on a receiver that takes the event and does not answer', async () => {
    const shop = await receiver({ answer: () => undefined });

    expect(await send(`http://127.0.0.1:${shop.port}/`, { timeoutMs: 200 })).toEqual(silent);
  });

  test('on a name server that does not answer', async () => {
    const never = () => new Promise<never>(() => undefined);

    expect(await send('http://shop.invalid/', { timeoutMs: 200, resolve: never })).toEqual(silent);
  });

  test('except that an endless answer is cut off once its status is known', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const shop = await receiver({
      answer: (_, response) => {
        closed = new Promise((resolve) => response.on('close', resolve));
        response.writeHead(200);
        const pour = () => {
          while (!response.destroyed && response.write('x'.repeat(16_384)));
        };
        response.on('drain', pour);
        pour();
        return undefined;
      },
    });

    // Longer than this test may take: the timeout is not what ends it.
    const sent = await send(`http://127.0.0.1:${shop.port}/`, { timeoutMs: 120_000 });

    expect(sent).toEqual({ status: 'delivered' });
    await closed;
  });
});

test('fails if nothing listens', async () => {
  const { port, close } = await listeningReceiver();
  await close();

  const sent = await send(`http://127.0.0.1:${port}/`);

  expect(sent).toEqual({ status: 'failed', reason: 'It could not be reached: ECONNREFUSED.', answered: false });
});
