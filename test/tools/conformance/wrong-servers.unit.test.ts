import { expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { conform, failedIn, reportIn } from './conform';
import { inMemoryServer } from './wrong-servers/in-memory-server';
import { setnxServer } from './wrong-servers/setnx-server';
import { stringifyServer } from './wrong-servers/stringify-server';
import { tenantlessServer } from './wrong-servers/tenantless-server';

/** What `npm run conformance` finds in a server. */
async function conformanceOf(server: FastifyInstance, ...more: string[]) {
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  try {
    const outcome = await conform(['--url', url, '--key', 'sk_sandbox_acme', '--json', ...more]);
    const report = reportIn(outcome);
    const failures = Object.fromEntries(failedIn(report).map(({ row, detail }) => [row, detail.split('\n')]));
    return { code: outcome.code, report, failures };
  } finally {
    await server.close();
  }
}

test('a correct server passes every row that can be observed', async () => {
  const { code, report, failures } = await conformanceOf(inMemoryServer());

  expect(failures).toEqual({});
  expect({ code, ok: report.ok }).toEqual({ code: 0, ok: true });
  const unseen = report.rows.filter(({ result }) => result === 'not-observable').map(({ row }) => row);
  expect(unseen).toEqual([
    'process died after the claim, or Temporal is down',
    'commit acknowledgement lost',
    '5xx',
    'Redis down',
    'Postgres down',
    "Temporal's retention has dropped the run",
    'outcome older than 30 days',
  ]);
});

test('a server that keeps what it said while the customer was asked fails for never telling the outcome', async () => {
  const row = 'prefer-wait-n-the-customer-has-to-act';
  const { code, failures } = await conformanceOf(inMemoryServer({ keepsWaits: true }), '--rows', row);

  expect(code).toBe(1);
  expect(failures).toEqual({
    'Prefer: wait=N, the customer has to act': [expect.stringMatching(/expected 409 cancelled, got 202$/)],
  });
});

test('a SETNX lock that expires during a slow handler fails for executing one key twice', async () => {
  const { code, report, failures } = await conformanceOf(setnxServer());

  expect({ code, ok: report.ok }).toEqual({ code: 1, ok: false });
  expect(failures).toEqual({
    '50 at once, same key and body': [
      expect.stringMatching(/^one execution.*: 50 requests with one key got \d+ checkouts$/),
      expect.stringMatching(/^ten that wait.*: 10 requests with one key got \d+ checkouts$/),
      expect.stringMatching(/^two bodies mixed.*: 25 requests with one key got \d+ checkouts$/),
    ],
    "the first one's transaction still open": [expect.stringMatching(/: 2 requests with one key got 2 checkouts$/)],
  });
});

test("a key without the tenant fails for giving one tenant another's answer", async () => {
  const { code, report, failures } = await conformanceOf(tenantlessServer());

  expect({ code, ok: report.ok }).toEqual({ code: 1, ok: false });
  expect(failures).toEqual({
    'same key, other tenant': [
      'another checkout, and each tenant replays its own: the first use of the key is marked Idempotent-Replayed',
      'another body is another checkout, not a reused key: expected 202, got 422 idempotency-key-reused',
    ],
  });
});

test('a fingerprint by JSON.stringify fails for telling equal bodies apart', async () => {
  const { code, report, failures } = await conformanceOf(stringifyServer());

  expect({ code, ok: report.ok }).toEqual({ code: 1, ok: false });
  expect(failures).toEqual({
    'same key, same body': ['members in another order: expected 202 again, got 422 idempotency-key-reused'],
  });
});
