import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { ROWS } from '../../../src/tools/conformance/rows';
import { otherTenant } from '../../../src/tools/conformance/rows/other-tenant';
import { serverUnderTest } from '../../../src/tools/conformance/server-under-test';
import { tryRow } from '../../../src/tools/suite/try-row';
import { openWire } from '../../../src/tools/conformance/wire';
import { conform, failedIn, reportIn } from './conform';
import { inMemoryServer } from './wrong-servers/in-memory-server';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const SOMEWHERE = ['--url', 'http://127.0.0.1:3000', '--key', 'sk_sandbox_acme'];

test.each([
  [[]],
  [['--url', 'http://127.0.0.1:3000']],
  [['--key', 'sk_sandbox_acme']],
  [['--url', 'ftp://127.0.0.1', '--key', 'sk_sandbox_acme']],
  [['--url', 'http://127.0.0.1:3000', '--key', 'two words']],
  [[...SOMEWHERE, '--rows', 'first-use,second-use']],
  [[...SOMEWHERE, '--rows', '']],
  [[...SOMEWHERE, '--bogus']],
  [[...SOMEWHERE, 'extra']],
])('rejects %j as wrong usage: exit 2, a message on standard error, nothing on standard output', async (args) => {
  const { code, stdout, stderr } = await conform(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: /);
});

test('--help lists the rows by the names that --rows takes', async () => {
  const { code, stdout } = await conform(['--help']);

  expect(code).toBe(0);
  expect(stdout).toContain('same-key-other-tenant');
});

test('--rows runs only these rows, in the order of the table', async () => {
  const server = inMemoryServer();
  const url = await server.listen(LOOPBACK);

  const args = ['--url', url, '--key', 'sk_sandbox_acme', '--rows', 'redis-down,first-use', '--json'];
  const { ok, rows } = reportIn(await conform(args));
  await server.close();

  expect(ok).toBe(true);
  expect(rows).toEqual([
    { row: 'first use', result: 'pass', ms: expect.any(Number), detail: '' },
    { row: 'Redis down', result: 'not-observable', ms: 0, detail: 'needs Redis stopped' },
  ]);
});

test("without another tenant's API key, its row is not observable and says what to give", async () => {
  const server = serverUnderTest(openWire('http://127.0.0.1', AbortSignal.abort()), { own: 'sk_own_key' });

  const { result, detail } = await tryRow(otherTenant, server);

  expect(result).toBe('not-observable');
  expect(detail).toContain('give --other-key, an API key of another tenant');
});

test('prints a table for people: a line for each row, its failures below it, and the totals', async () => {
  const server = inMemoryServer({ nameOf: (_tenant, key) => key });
  const url = await server.listen(LOOPBACK);

  const args = ['--url', url, '--key', 'sk_sandbox_acme', '--rows', 'first-use,redis-down,same-key-other-tenant'];
  const { code, stdout, stderr } = await conform(args);
  await server.close();

  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout.split('\n')).toEqual([
    `Idempotency-Key conformance of ${url}`,
    '',
    expect.stringMatching(/^pass +\d+ ms {2}first use$/),
    expect.stringMatching(/^not observable +– {2}Redis down$/),
    expect.stringMatching(/^ +needs Redis stopped$/),
    expect.stringMatching(/^FAIL +\d+ ms {2}same key, other tenant$/),
    expect.stringMatching(/^ +another checkout, .*: the first use of the key is marked Idempotent-Replayed$/),
    expect.stringMatching(/^ +another body is another checkout, .*: expected 202, got 422 idempotency-key-reused$/),
    '',
    expect.stringMatching(/^1 passed, 1 failed, 1 not observable, in \d+\.\d s\.$/),
    '',
  ]);
});

test('fails every row immediately if the server is not there, and says so', async () => {
  const nobody = createServer().listen(0, '127.0.0.1');
  await once(nobody, 'listening');
  const url = `http://127.0.0.1:${(nobody.address() as AddressInfo).port}`;
  await new Promise((resolve) => nobody.close(resolve));

  const outcome = await conform(['--url', url, '--key', 'sk_sandbox_acme', '--json']);

  expect(outcome.code).toBe(1);
  const report = reportIn(outcome);
  expect(report).toMatchObject({ ok: false, url });
  expect(report.rows).toHaveLength(ROWS.length);
  for (const { detail } of failedIn(report)) expect(detail).toMatch(/^not tried: the server cannot be reached: .+/);
});

test('an API key that is not accepted gives one message instead of twenty failures', async () => {
  const server = inMemoryServer();
  const url = await server.listen(LOOPBACK);

  const outcome = await conform(['--url', url, '--key', 'sk_nobody_has_it', '--rows', 'first-use', '--json']);
  await server.close();

  expect(outcome.code).toBe(1);
  expect(reportIn(outcome).rows[0]?.detail).toBe('not tried: a GET with the API key got 401 unauthorized, not 404');
});
