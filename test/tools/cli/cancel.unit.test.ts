import { expect, test } from '@jest/globals';
import { anApi, shell } from './setup';

const accepted = { id: 'chk_1', links: { self: '/v1/checkouts/chk_1' } };
const tooLate = {
  type: '/problems/too-late-to-cancel',
  title: 'The checkout can no longer be cancelled',
  status: 409,
  code: 'too-late-to-cancel',
  detail: 'Its label is being made, or it has ended: look at it.',
};

test('sends one request with the merchant key, and says how to see the end', async () => {
  const calls: unknown[] = [];
  const api = await anApi(({ method, url, headers }) => {
    calls.push([method, url, headers.authorization]);
    return { status: 202, body: accepted };
  });

  const plain = await shell(['cancel', 'chk_1', '--url', api.url]);
  const json = await shell(['cancel', 'chk_1', '--url', api.url, '--json']);
  await api.stop();

  expect([plain.code, json.code]).toEqual([0, 0]);
  expect(plain.stdout).toBe(
    'Cancelling  chk_1: its steps are being undone\n' +
      `Watch       npx durable-checkout watch chk_1 --url ${api.url}\n`,
  );
  expect(JSON.parse(json.stdout)).toEqual(accepted);
  const call = ['POST', '/v1/checkouts/chk_1/cancel', 'Bearer sk_sandbox_acme'];
  expect(calls).toEqual([call, call]);
});

test("exits with 1 and the problem's code when it is too late", async () => {
  const api = await anApi(() => ({ status: 409, body: tooLate }));

  const { code, stdout, stderr } = await shell(['cancel', 'chk_1', '--url', api.url, '--json']);
  await api.stop();

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'too-late-to-cancel', status: 409 });
  expect(stderr).toContain('can no longer be cancelled: Its label is being made');
});

test("does not take another program's answer for success", async () => {
  const api = await anApi(() => ({ status: 200, body: '<html>Welcome</html>' }));

  const { code, stderr } = await shell(['cancel', 'chk_1', '--url', api.url]);
  await api.stop();

  expect(code).toBe(1);
  expect(stderr).toContain('unexpected-answer');
});
