import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { checkoutActivities } from '../../activities';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { accepted, stepsBefore } from '../support/checkout-world';
import { servedBySandbox } from '../support/served-by-sandbox';
import { replacing } from '../support/replaced-ports';
import { codeOf } from '../api/setup';
import { calm } from './calm';
import { documentedRoutes } from './documented-routes';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());
beforeEach(() => calm(world.app));

const HOSTILE = [
  ...[
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[here](javascript:alert(1))',
    '![](http://evil.example)',
  ],
  ...[
    '=HYPERLINK("http://evil.example")',
    '@SUM(1)',
    "'; drop table checkouts; --",
    '${7*7}',
    '{{7*7}}',
    '%s%n',
    '../../etc',
  ],
];

/** The activities, and what they send to the mailer and the carrier. */
async function recordingActivities() {
  const sent: { mail: unknown[]; carrier: unknown[] } = { mail: [], carrier: [] };
  const { providerOf, choices } = await servedBySandbox(world.sandboxUrl, world.db);
  const anyOrder = { checkoutId: '', tenant: 'acme' };
  const [mailer, carrier] = [await providerOf('mail', anyOrder), await providerOf('carrier', anyOrder)];
  const recording = replacing(providerOf, {
    mail: {
      sendConfirmation: (mail) => {
        sent.mail.push(mail);
        return mailer.sendConfirmation(mail);
      },
      sendCancellation: (mail) => mailer.sendCancellation(mail),
      sendRefundNotice: (mail) => mailer.sendRefundNotice(mail),
    },
    carrier: {
      generateLabel: (label) => {
        sent.carrier.push(label);
        return carrier.generateLabel(label);
      },
      voidLabel: (label) => carrier.voidLabel(label),
    },
  });
  return { activities: checkoutActivities({ db: world.db, choices, providerOf: recording }), sent };
}

describe('hostile text in a name', () => {
  test.each(HOSTILE)('%j goes unchanged to the carrier and the mailer, and to nobody else', async (name) => {
    const shippingAddress = { ...aRequest().shippingAddress, name };
    const order = await accepted(world.db, { shippingAddress });
    const { activities, sent } = await recordingActivities();
    await stepsBefore(activities, order, 6);
    await activities.generateLabel(order);

    const seen = await world.app.inject({
      url: `/v1/checkouts/${order.checkoutId}`,
      headers: { authorization: 'Bearer sk_sandbox_acme' },
    });
    expect(sent.carrier).toMatchObject([{ address: shippingAddress }]);
    // One recipient, and of what a customer wrote only the name, which the mailer escapes.
    const letter = { key: expect.any(String), to: aRequest().customer.email, orderId: order.checkoutId, name };
    const lines = [{ sku: 'MUG-BLUE', quantity: 2, name: 'Blue mug' }];
    expect(sent.mail).toEqual([{ ...letter, total: { minor: 3_000n, currency: 'USD' }, lines }]);
    expect([seen.statusCode, seen.body.includes(name)]).toEqual([200, false]);
  });

  test.each(['a\u0000b', 'a\nb', 'a\u001b[31mb', 'a\u0085b', 'a\u2028b', 'a\u202eb', 'a\u2066b', 'a\ud800b'])(
    '%j is refused: no line breaks, control sequences or bidirectional marks',
    async (name) => {
      const shippingAddress = { ...aRequest().shippingAddress, name };
      expect(codeOf(await place(world.app, { key: aKey(), body: { ...aRequest(), shippingAddress } }))).toBe(
        'invalid-request',
      );
    },
  );

  test.each(['Žofie Šťastná', '山田 太郎', 'محمد', 'Zoë 🙂', 'O’Brien-Smith, Jr.'])(
    'accepts the name %s',
    async (name) => {
      const shippingAddress = { ...aRequest().shippingAddress, name };
      expect((await place(world.app, { key: aKey(), body: { ...aRequest(), shippingAddress } })).statusCode).toBe(202);
    },
  );
});

test.each([...HOSTILE, '`x`', 'a b', ''])('refuses %j as a SKU, which the Web UI shows', async (sku) => {
  const refused = await place(world.app, { key: aKey(), body: { ...aRequest(), items: [{ sku, quantity: 1 }] } });

  expect([refused.statusCode, codeOf(refused)]).toEqual([400, 'invalid-request']);
});

test.each(['a\u0000b', 'a\nb', 'a\u001b[31mb', 'a\u202eb', 'a\ud800b', '\u00a0'])(
  "refuses %j as an operator's reason, which the Web UI shows",
  async (reason) => {
    const headers = { authorization: 'Bearer sk_sandbox_operator', 'idempotency-key': aKey() };
    const repair = { step: 'payment-authorized', action: 'retry', reason };
    for (const [url, payload] of [
      ['/v1/ops/checkouts/chk_1/repair', repair],
      ['/v1/ops/outbox/redrive', { reason }],
      ['/v1/ops/outbox/replay', { sink: 'redis', from: '2026-11-24T08:00:00Z', reason }],
    ] as const) {
      const refused = await world.app.inject({ method: 'POST', url, headers, payload });
      expect([url, refused.statusCode, refused.json()]).toMatchObject([
        url,
        400,
        { errors: [{ field: 'body.reason' }] },
      ]);
    }
  },
);

const ODD_IDS = [
  '%00',
  'a%00b',
  '%0d%0a',
  '..%2f..%2f',
  "'%20or%201=1--",
  '%F0%9F%99%82',
  '%e2%80%ae',
  'x'.repeat(5_000),
];

test('answers malformed ids with 400 on every route, and queries nothing', async () => {
  const routes = (await documentedRoutes(world.app)).filter(({ path }) => path.includes('{id}'));
  expect(routes.length).toBeGreaterThanOrEqual(8);
  for (const { method, path } of routes) {
    const apiKey = path.startsWith('/v1/ops/') ? 'sk_sandbox_operator' : 'sk_sandbox_acme';
    const headers = { authorization: `Bearer ${apiKey}`, 'idempotency-key': aKey() };
    for (const id of ODD_IDS) {
      const answer = await world.app.inject({ method, url: path.replace('{id}', id), headers });
      expect([method, path, id, answer.statusCode]).toEqual([method, path, id, 400]);
    }
  }
});

test('answers a malformed path with a problem', async () => {
  for (const url of ['/v1/checkouts/%', '/v1/checkouts/%zz', '/v1/checkouts/%ed%a0%80', '/%c0%ae']) {
    const answer = await world.app.inject({ url, headers: { authorization: 'Bearer sk_sandbox_acme' } });
    expect([url, answer.statusCode, answer.json()]).toMatchObject([url, 400, { code: 'invalid-request' }]);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  }
});

test.each(["x'--", '%00', 'a%20or%20b', '"', '*', '%5c'])(
  'refuses a filter %s of dead letters by field name',
  async (sink) => {
    const url = `/v1/ops/outbox/dead-letters?sink=${sink}`;
    const answer = await world.app.inject({ url, headers: { authorization: 'Bearer sk_sandbox_operator' } });

    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid-request', errors: [{ field: 'querystring.sink' }] });
  },
);
