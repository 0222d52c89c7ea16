import { afterEach, expect, test } from '@jest/globals';
import type { CheckoutRequest } from '../../../src/domain/order';
import { aCheckout, anApi, completed, shell } from './setup';
import type { Handler, Reply } from './setup';

const open: Awaited<ReturnType<typeof anApi>>[] = [];
afterEach(() => Promise.all(open.splice(0).map((api) => api.stop())));

const ACCEPTANCE: Reply = {
  status: 202,
  body: { id: 'chk_1', state: 'accepted', links: { self: '/v1/checkouts/chk_1' } },
};

async function setup(placed: Reply, looks: readonly unknown[] = []) {
  const calls: { key: string | undefined; authorization: string | undefined; body: CheckoutRequest }[] = [];
  const left = [...looks];
  const handler: Handler = ({ method, headers }, body) => {
    if (method === 'GET') return { status: 200, body: left.length > 1 ? left.shift() : left[0] };
    const key = headers['idempotency-key'] as string | undefined;
    calls.push({ key, authorization: headers.authorization, body: JSON.parse(body) as CheckoutRequest });
    return placed;
  };
  const api = await anApi(handler);
  open.push(api);
  return { calls, place: (...args: string[]) => shell(['place', '--url', api.url, ...args]), url: api.url };
}

test('sends the cart under a new random key, and prints the key and the command to watch', async () => {
  const { calls, place, url } = await setup(ACCEPTANCE);

  const first = await place('--sku', 'MUG-BLUE:2', '--sku', 'POSTER-A2', '--expected-total', '3900');
  await place();

  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain('chk_1');
  expect(first.stdout).toContain(calls[0]?.key);
  expect(first.stdout).toContain(`npx durable-checkout watch chk_1 --url ${url}`);
  expect(calls[0]?.key).toMatch(/^[\w-]{36}$/);
  expect(calls[1]?.key).not.toBe(calls[0]?.key);
  expect(calls[0]?.authorization).toBe('Bearer sk_sandbox_acme');
  expect(calls[0]?.body).toMatchObject({
    items: [
      { sku: 'MUG-BLUE', quantity: 2 },
      { sku: 'POSTER-A2', quantity: 1 },
    ],
    currency: 'USD',
    payment: { token: 'tok_visa' },
    expectedTotal: 3900,
  });
  expect(calls[1]?.body).not.toHaveProperty('expectedTotal');
});

test('repeats a call under a given key, and says that it found the first one', async () => {
  const { calls, place } = await setup({ ...ACCEPTANCE, headers: { 'idempotent-replayed': 'true' } });

  const { code, stdout } = await place('--key', 'order-0001', '--api-key', 'sk_sandbox_globex');

  expect(code).toBe(0);
  expect(stdout).toMatch(/^Found +chk_1/);
  expect(calls).toMatchObject([{ key: 'order-0001', authorization: 'Bearer sk_sandbox_globex' }]);
});

test('prints a problem as one sentence with its code, and no key for repeating a call that is refused for good', async () => {
  const problem = {
    code: 'validation-failed',
    title: 'The request does not fit',
    detail: 'body/items is empty.',
    status: 400,
  };
  const { place } = await setup({ status: 400, body: problem });

  const { code, stdout, stderr } = await place('--key', 'order-0001');

  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.split('\n')).toEqual([
    'The request does not fit: body/items is empty (validation-failed, HTTP 400)',
    '',
  ]);
});

test.each([
  [503, 'unavailable'],
  [429, 'too-many-requests'],
  [408, 'request-timeout'],
  [409, 'idempotency-key-in-use'],
])('prints the key for repeating the call after %i %s', async (status, code) => {
  const { place } = await setup({ status, body: { code, title: 'Not now' } });

  const { stderr } = await place('--key', 'order-0001');

  expect(stderr).toBe(
    `Not now (${code}, HTTP ${status})\nTo repeat this call without ordering twice: --key order-0001\n`,
  );
});

test('with --json, prints one object: the acceptance, the last snapshot or the problem', async () => {
  const problem = {
    code: 'idempotency-key-reused',
    title: 'The key was used for another body',
    status: 422,
    errors: ['x'],
  };
  const accepted = await setup(ACCEPTANCE);
  const watched = await setup(ACCEPTANCE, [aCheckout(['running']), completed]);
  const refused = await setup({ status: 422, body: problem });

  const outputs = await Promise.all([
    accepted.place('--json', '--key', 'order-0001'),
    watched.place('--json', '--key', 'order-0001', '--watch'),
    refused.place('--json', '--key', 'order-0001'),
  ]);

  const objects = outputs.map(({ stdout }) => JSON.parse(stdout) as unknown);
  expect(outputs.map(({ code }) => code)).toEqual([0, 0, 1]);
  expect(objects).toEqual([
    { ...(ACCEPTANCE.body as object), key: 'order-0001', replayed: false },
    { ...completed, key: 'order-0001', replayed: false },
    { ...problem, key: 'order-0001' },
  ]);
});

test('prints the key even without an answer, since the order may have been placed', async () => {
  const { place } = await setup(ACCEPTANCE);
  await open.pop()?.stop();

  const { code, stderr } = await place('--key', 'order-0001');

  expect(code).toBe(1);
  expect(stderr).toMatch(/nothing is listening at .* \(unreachable\)\n.*--key order-0001\n/);
});

test("takes an answer without a problem document or an id for another program's", async () => {
  const page = await setup({ status: 502, body: '<html>' });
  const other = await setup({ status: 200, body: { hello: 'world' } });

  const outputs = [await page.place(), await other.place()];

  expect(outputs.map(({ code }) => code)).toEqual([1, 1]);
  for (const { stderr } of outputs) expect(stderr).toContain('unexpected-answer');
});
