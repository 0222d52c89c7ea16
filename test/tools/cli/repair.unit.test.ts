import { expect, test } from '@jest/globals';
import type { Reply } from './setup';
import { anApi, shell } from './setup';

const ARGS = ['repair', 'chk_1', '--step', 'payment-authorized', '--action', 'retry', '--reason', 'It is back'];

const repairing = async (reply: Reply, args: readonly string[] = []) => {
  const calls: { url: string | undefined; key: unknown; apiKey: string | undefined; body: unknown }[] = [];
  const api = await anApi(({ url, headers }, body) => {
    const { authorization: apiKey, 'idempotency-key': key } = headers;
    calls.push({ url, key, apiKey, body: JSON.parse(body) });
    return reply;
  });
  const result = await shell([...ARGS, '--url', api.url, ...args]);
  await api.stop();
  return { ...result, calls, url: api.url };
};
const done = { status: 200, body: { done: true } };

test('sends step, action and reason with the operator key, and says how to see the result', async () => {
  const { code, stdout, calls, url } = await repairing(done, ['--key', 'repair-1']);

  expect(code).toBe(0);
  expect(calls).toEqual([
    {
      url: '/v1/ops/checkouts/chk_1/repair',
      key: 'repair-1',
      apiKey: 'Bearer sk_sandbox_operator',
      body: { step: 'payment-authorized', action: 'retry', reason: 'It is back' },
    },
  ]);
  expect(stdout).toBe(
    'Done      retry payment-authorized of chk_1\n' +
      'Reason    It is back\n' +
      'Key       repair-1\n' +
      `Check     npx durable-checkout attention --url ${url}\n`,
  );
});

test('uses and prints a new key for each call', async () => {
  const [first, second] = [await repairing(done, ['--json']), await repairing(done, ['--json'])];

  const keys = [first, second].map(({ stdout }) => (JSON.parse(stdout) as { key: string }).key);
  expect([first, second].map(({ calls }) => calls[0]?.key)).toEqual(keys);
  expect(new Set(keys).size).toBe(2);
});

test('exits with 1 if there is nothing to repair: the key is no help then', async () => {
  const title = 'This repair makes no sense now';
  const problem = { code: 'nothing-to-repair', title, detail: 'Nothing waits.' };
  const { code, stdout, stderr } = await repairing({ status: 409, body: problem }, ['--json', '--key', 'repair-2']);

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'nothing-to-repair', id: 'chk_1', key: 'repair-2' });
  expect(stderr).toBe('This repair makes no sense now: Nothing waits (nothing-to-repair, HTTP 409)\n');
});

test('prefers a given API key to the sandbox key', async () => {
  const { calls } = await repairing(done, ['--api-key', 'sk_mine_0123']);

  expect(calls[0]?.apiKey).toBe('Bearer sk_mine_0123');
});

test.each([
  [ARGS.slice(0, -2), "required option '--reason <sentence>' not specified"],
  [ARGS.slice(0, -1), "option '--reason <sentence>' argument missing"],
  [[...ARGS, '--reason', ' '], 'It must not be blank.'],
  [[...ARGS, '--step', 'payment'], 'Allowed choices are order-created, payment-authorized'],
  [[...ARGS, '--action', 'undo'], 'Allowed choices are retry, skip, resolve, cancel.'],
  [['repair', ...ARGS.slice(2)], "missing required argument 'id'"],
])('rejects %j as wrong usage', async (args, sentence) => {
  const { code, stdout, stderr } = await shell(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
});
