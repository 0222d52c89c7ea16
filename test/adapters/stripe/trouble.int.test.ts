import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { stripeClient } from '../../../src/adapters/stripe/client';
import { Requests } from '../../../src/adapters/stripe/requests';
import { stripeFault } from '../../../src/adapters/stripe/stripe-fault';
import { stripeWorld } from './stripe-world';

test('a connection that breaks is a fault at once: the library repeats nothing behind our back', async () => {
  const { fake, payments, visa, asked } = await stripeWorld();
  fake.fail({ on: 'create', kind: 'lose-request' });

  await expect(payments.authorize(visa)).rejects.toMatchObject({ fault: 'unreachable' });
  expect(asked()).toEqual(['create']);
});

test('a rate limit says how long to wait', async () => {
  const { fake, payments, visa, asked } = await stripeWorld();
  fake.fail({ on: 'create', kind: 'rate-limit' });

  const limited = { fault: 'rate-limited', retryAfterMs: 1_000, mayHaveActed: false };
  await expect(payments.authorize(visa)).rejects.toMatchObject(limited);
  expect(asked()).toEqual(['create']);
});

test('a Stripe that is away is away', async () => {
  const { fake, payments, visa } = await stripeWorld();
  fake.fail({ on: 'create', kind: 'unavailable' });
  await expect(payments.authorize(visa)).rejects.toMatchObject({ fault: 'server-error', isAway: true });
  await fake.close();

  const gone = { fault: 'unreachable', message: 'Stripe cannot be reached (ECONNREFUSED)' };
  await expect(payments.authorize(visa)).rejects.toMatchObject(gone);
  await expect(payments.reach?.()).rejects.toMatchObject(gone);
});

test('a failure that Stripe keeps under a key is not asked for again: the next key is used', async () => {
  const { fake, payments, visa, key, money } = await stripeWorld();
  for (const on of ['create', 'confirm'] as const) fake.fail({ on, kind: 'error' });

  await expect(payments.authorize(visa)).rejects.toMatchObject({ fault: 'server-error' });
  await expect(payments.authorize(visa)).rejects.toMatchObject({ fault: 'server-error' });
  const answer = await payments.authorize(visa);

  expect(answer).toMatchObject({ outcome: 'authorized' });
  expect(money()).toMatchObject({ holds: 1, held: 1_000 });
  const keys = fake.served.map(({ key: used, replayed }) =>
    used === undefined ? '' : `${used}${replayed ? ' again' : ''}`,
  );
  expect(keys.filter((used) => used !== '').map((used) => used.replace(key, ''))).toEqual([
    ...['', ' again', '#2', ':confirm'],
    ...[':confirm again', ':confirm#2'],
  ]);
});

test('a failure after the effect is looked up before anything is done again', async () => {
  const { fake, payments, visa, paid, money } = await stripeWorld();
  const part = { ...paid, refund: 'ref_1', amount: { minor: 400n, currency: 'EUR' } };
  fake.fail({ on: 'confirm', kind: 'error-after' });
  await expect(payments.authorize(visa)).rejects.toMatchObject({ fault: 'server-error', mayHaveActed: true });
  expect(await payments.authorize(visa)).toMatchObject({ outcome: 'authorized' });
  for (const on of ['capture', 'refund'] as const) fake.fail({ on, kind: 'error-after' });
  await expect(payments.capture(paid)).rejects.toMatchObject({ fault: 'server-error' });
  expect(await payments.capture(paid)).toMatchObject({ outcome: 'captured' });
  await expect(payments.refund(part)).rejects.toMatchObject({ fault: 'server-error' });

  expect(await payments.refund(part)).toMatchObject({ outcome: 'refunded' });
  expect(money()).toMatchObject({ holds: 1, captured: 1_000, refunded: 400 });
});

test('a request that takes too long is a fault', async () => {
  const { fake } = await stripeWorld();
  let letGo: (() => void) | undefined;
  fake.fail({ on: 'retrieve', kind: 'hold-request', until: () => new Promise<void>((done) => (letGo = done)) });
  const stripe = stripeClient({ secretKey: fake.secretKey, webhookSecret: 'whsec_fake', url: fake.url });

  const late = await new Requests(200)
    .send((options) => stripe.paymentIntents.retrieve('pi_1', {}, options))
    .catch((error: unknown) => stripeFault('find', error));
  letGo?.();

  expect(late).toMatchObject({ fault: 'timed-out', message: 'Stripe did not answer find in time; it may have acted' });
});

test.each([
  [200, { 'content-type': 'text/html' }, { fault: 'not-json' }],
  [204, {}, { fault: 'not-json' }],
  [302, { location: 'https://elsewhere.example/' }, { fault: 'redirected' }],
  [502, { 'content-type': 'text/html', 'retry-after': '7' }, { fault: 'server-error', retryAfterMs: 7_000 }],
  [429, { 'content-type': 'text/html' }, { fault: 'rate-limited' }],
  // It calls itself JSON, and is not.
  [500, { 'content-type': 'application/json' }, { fault: 'not-json' }],
  [202, { 'content-type': 'application/json' }, { fault: 'not-json' }],
])('what answers %i %j in the place of Stripe is no answer', async (status, headers, fault) => {
  const proxy = createServer((_, response) => response.writeHead(status, headers).end('<p>for sk_test_1</p>'));
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const { payments, visa } = await stripeWorld({ url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });

  const failed = await payments.authorize(visa).catch((error: unknown) => error);
  proxy.close();

  expect(failed).toMatchObject(fault);
  expect(String(failed)).not.toContain('sk_test');
});

test('an answer without end is cut off', async () => {
  const proxy = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () =>
      void (response.write(' '.repeat(256 * 1024)) ? setImmediate(more) : response.once('drain', more));
    more();
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const { payments, visa } = await stripeWorld({ url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });

  await expect(payments.authorize(visa)).rejects.toMatchObject({ fault: 'too-large', mayHaveActed: true });
  proxy.closeAllConnections();
  proxy.close();
});

test('no fault says what was sent', async () => {
  const { open, fake, visa } = await stripeWorld({ secretKey: 'sk_test_not_this_one' });
  const other = await stripeWorld();
  other.fake.fail({ on: 'any', kind: 'error', times: 1 });

  for (const call of [open().authorize(visa), other.payments.authorize(other.visa)]) {
    const failed = (await call.catch((error: unknown) => error)) as Error;
    for (let each: unknown = failed; each instanceof Error; each = each.cause)
      for (const sent of ['sk_test', visa.token, visa.key, fake.secretKey])
        expect(JSON.stringify([each.message, each])).not.toContain(sent);
    expect(failed.message).toMatch(/^Stripe answered authorize with status (401|500) \(req_\w+\)$/);
  }
});
