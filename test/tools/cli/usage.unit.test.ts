import { expect, test } from '@jest/globals';
import { shell } from './setup';

test.each([
  [[]],
  [['frobnicate']],
  [['watch']],
  [['status', '']],
  [['status', '../ops']],
  [['place', 'MUG-BLUE']],
  [['place', '--bogus']],
  [['place', '--sku']],
  [['place', '--sku', ':2']],
  [['place', '--sku', 'MUG-BLUE:']],
  [['place', '--sku', 'MUG-BLUE:0']],
  [['place', '--sku', 'MUG-BLUE:1e3']],
  [['place', '--sku', 'MUG-BLUE:-1']],
  [['place', '--sku', 'MUG-BLUE:99999999999999999999']],
  [['place', '--expected-total', '30.00']],
  [['place', '--key', 'two words']],
  [['place', '--url', 'ftp://127.0.0.1']],
  [['place', '--url', 'http://user:word@127.0.0.1']],
])('rejects %j as wrong usage: exit 2, a message on standard error, nothing on standard output', async (args) => {
  const { code, stdout, stderr } = await shell(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^(error: .+|Usage: )/);
});

test('prints wrong usage with --json as an object too', async () => {
  const { code, stdout } = await shell(['watch', '--json']);

  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'wrong-usage', detail: "missing required argument 'id'" });
});

test.each([[['--help']], [['place', '--help']], [['help', 'watch']]])(
  '%j prints help and exits with 0',
  async (args) => {
    const { code, stdout, stderr } = await shell(args);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: durable-checkout/);
  },
);
