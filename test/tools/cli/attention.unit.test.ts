import { expect, test } from '@jest/globals';
import { anApi, shell } from './setup';

const parked = {
  checkoutId: 'chk_1',
  tenant: 'acme',
  workflowId: 'checkout/acme/key-1',
  step: 'payment-authorized',
  kind: 'undo',
  why: 'processor answered 500',
  since: '2026-01-02T03:04:05.678Z',
  amount: 3000,
  currency: 'USD',
};
const stuck = {
  ...parked,
  checkoutId: 'chk_22',
  tenant: 'globex',
  step: 'notification-sent',
  kind: 'step',
  why: 'mail is away\u001b[2J',
  amount: null,
};

const withAttention = async (body: unknown, args: readonly string[] = []) => {
  const seen: (string | undefined)[] = [];
  const api = await anApi(({ url, headers }) => {
    seen.push(url, headers.authorization);
    return { status: 200, body };
  });
  const result = await shell(['attention', '--url', api.url, ...args]);
  await api.stop();
  return { ...result, seen, url: api.url };
};

test('says that nothing needs attention, with the operator key, and exits with 0', async () => {
  const { code, stdout, stderr, seen } = await withAttention({ attention: [] });

  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'Nothing needs attention.\n', stderr: '' });
  expect(seen).toEqual(['/v1/ops/attention', 'Bearer sk_sandbox_operator']);
});

test('shows what needs attention as a table with the repair commands, and exits with 3', async () => {
  const { code, stdout, url } = await withAttention({ attention: [parked, stuck] });

  expect(code).toBe(3);
  const repair = (id: string, step: string, action: string) =>
    `    npx durable-checkout repair ${id} --step ${step} --action ${action} --url ${url} --reason`;
  expect(stdout.split('\n')).toEqual([
    'SINCE             CHECKOUT  TENANT  STEP                KIND  MONEY      WHY',
    '2026-01-02 03:04  chk_1     acme    payment-authorized  undo  USD 30.00  processor answered 500',
    '    if the provider works again:',
    repair('chk_1', 'payment-authorized', 'retry'),
    '    if it was undone by hand:',
    repair('chk_1', 'payment-authorized', 'resolve'),
    '',
    '2026-01-02 03:04  chk_22    globex  notification-sent   step  no price   mail is away [2J',
    '    if the provider works again:',
    repair('chk_22', 'notification-sent', 'retry'),
    '    to go on without this step:',
    repair('chk_22', 'notification-sent', 'skip'),
    '    to give up the order and undo everything:',
    repair('chk_22', 'notification-sent', 'cancel'),
    '',
    'Say why after --reason: it is recorded, with who did it and when.',
    '',
  ]);
});

test("with --json, prints the API's answer, and exits with the same code", async () => {
  const { code, stdout } = await withAttention({ attention: [parked] }, ['--json']);

  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toEqual({ attention: [parked] });
});

test.each([[{}], [[]], ['Welcome'], [{ attention: [{ ...parked, since: 'yesterday' }] }]])(
  'does not take an answer such as %j for nothing, and exits with 1',
  async (body) => {
    const { code, stdout, stderr } = await withAttention(body);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('unexpected-answer');
  },
);
