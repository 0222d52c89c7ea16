import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import { aDataDir, sandboxClient } from '../../support/sandbox';

let app: FastifyInstance;
let orders = 0;
beforeAll(() => {
  app = buildSandbox({ dataDir: aDataDir() });
});
afterAll(() => app.close());

async function setup(money: object = { amount: 3000, currency: 'USD' }) {
  const key = `chk_${(orders += 1)}:payment-authorized`;
  const { post } = sandboxClient(app);
  const { body } = await post('/provider/v1/payments/authorize', key, { ...money, token: 'tok_3ds' });
  const { pathname: path } = new URL(String(body['url']));
  return {
    shown: () => app.inject({ url: path }),
    /** As a browser sends the form. */
    press: (button: 'approve' | 'decline') =>
      app.inject({
        method: 'POST',
        url: `${path}/${button}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: '',
      }),
    void: () => post('/provider/v1/payments/void', key, {}),
    path,
  };
}

const headingOf = (html: string): string | undefined => /<h1>(.*)<\/h1>/.exec(html)?.[1];

test('shows the amount and two buttons, in a language, under a title', async () => {
  const { shown, path } = await setup();

  const { statusCode, headers, body } = await shown();

  expect({ statusCode, type: headers['content-type'] }).toEqual({ statusCode: 200, type: 'text/html; charset=utf-8' });
  expect(headingOf(body)).toBe('Approve the payment of $30.00?');
  expect(body).toContain('<html lang="en">');
  expect(body).toContain('<title>Approve the payment of $30.00?</title>');
  for (const [action, label] of [
    ['approve', 'Approve'],
    ['decline', 'Decline'],
  ])
    expect(body).toContain(`<form method="post" action="${path}/${action}"><button type="submit">${label}</button>`);
  // The shop may give up earlier than the provider.
  expect(body).not.toContain('UTC');
});

test.each([
  [{ amount: 3000, currency: 'JPY' }, '¥3,000'],
  [{ amount: 1, currency: 'EUR' }, '€0.01'],
  [{ amount: 12345, currency: 'KWD' }, 'KWD 12.345'],
  [{ amount: Number.MAX_SAFE_INTEGER, currency: 'USD' }, '$90,071,992,547,409.91'],
])('shows %j as %s', async (money, text) => {
  const { shown } = await setup(money);

  expect(headingOf((await shown()).body)?.replaceAll('\u00a0', ' ')).toBe(`Approve the payment of ${text}?`);
});

test('has no script, loads nothing, is shown in no frame, and gives its address to nobody', async () => {
  const { shown } = await setup();

  const { headers, body } = await shown();

  expect(body).not.toMatch(/<script|<link|<img|https?:/);
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
  );
  expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
});

test('a button leads back to the page, which then says what was decided, and has no buttons any more', async () => {
  const [approved, declined] = [await setup(), await setup()];

  const answers = [await approved.press('approve'), await declined.press('decline')];
  const pages = [(await approved.shown()).body, (await declined.shown()).body];

  expect(answers.map(({ statusCode, headers }) => [statusCode, headers.location])).toEqual([
    [303, approved.path],
    [303, declined.path],
  ]);
  expect(pages.map(headingOf)).toEqual(['Payment approved', 'Payment declined']);
  for (const page of pages) expect(page).not.toContain('<button');
});

test('once the payment is void the page says so, and to press a button changes nothing', async () => {
  const { shown, press, void: voidIt } = await setup();

  await voidIt();
  const pressed = await press('approve');

  expect([pressed.statusCode, headingOf(pressed.body)]).toEqual([409, 'Payment closed']);
  const { body } = await shown();
  expect(headingOf(body)).toBe('Payment closed');
  expect(body).toContain('The shop has given up the payment of $30.00, perhaps because the time ran out.');
});

test('a payment that the customer has declined stays declined, not closed, when the shop gives it up', async () => {
  const { shown, press, void: voidIt } = await setup();

  await press('decline');
  await voidIt();

  expect(headingOf((await shown()).body)).toBe('Payment declined');
});

test('an address of nobody is a page, too, that says so', async () => {
  const { statusCode, body } = await app.inject({ url: '/approve-payment/pay_0' });

  expect([statusCode, headingOf(body)]).toEqual([404, 'There is no such payment']);
});
