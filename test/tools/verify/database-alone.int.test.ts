import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PromiseName, VerifyOptions } from '../../../src/tools/verify/command';
import { verify } from '../../../src/tools/verify/run';
import { aScreen } from '../cli/setup';
import { complete, idOf } from '../../api/setup';
import { apiWorld, place } from '../../support/api-world';
import type { ApiWorld } from '../../support/api-world';
import { aKey } from '../../support/builders';
import { verify as verifyByCommand } from './verify-command';
import type { Answer } from './verify-command';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
  await complete(world, idOf(await place(world.app, { key: aKey() })));
});
afterAll(() => world.close());

/** All but P9, which replays recorded histories and needs no stack either. */
const ONLY: readonly PromiseName[] = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P10', 'P11', 'P14'];

const NOTHING_ELSE = {
  ...{ dataDir: '/nowhere', databaseUrl: '', temporalAddress: '', temporalNamespace: 'default', payloadKeys: '' },
  ...{ redisStream: 'checkout-events', kafkaBrokers: '', kafkaTopic: '', natsUrl: '', natsStream: '' },
};

async function check(options: Partial<VerifyOptions> = {}) {
  const streams = { stdout: aScreen(), stderr: aScreen() };
  const given = { settle: 60, sample: 10, only: ONLY, postgres: world.databaseUrl, ...options };
  const code = await verify(given, streams, NOTHING_ELSE);
  return { code, printed: streams.stdout.written() };
}

test('with only a database, does not fail, and says what it could not check', async () => {
  const { code, printed } = await check({ json: true });

  const { ok, promises } = JSON.parse(printed) as Answer;
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  for (const name of ['P1', 'P4', 'P5'] as const) {
    expect(promises[name]).toMatchObject({ violations: 0, unchecked: [expect.stringContaining('--sandbox')] });
  }
  expect(promises.P2).toMatchObject({ checked: 1, unchecked: [expect.stringContaining('--temporal')] });
  expect(promises.P14).toMatchObject({ checked: 0, unchecked: [expect.stringContaining('--temporal')] });
  expect(promises.P6.unchecked).toEqual([]);
});

test('does not print a promise that it did not check as kept', async () => {
  const { printed } = await check();

  expect(printed).toMatch(/^\? P5 /m);
  expect(printed).toMatch(/^✓ P6 /m);
  expect(printed).toContain('P5  Not checked: what was charged');
  expect(printed).toContain('As promised, as far as it was checked.');
});

test('with the journals too, finds a completed order that was not paid', async () => {
  const { code, printed } = await check({ sandbox: world.sandboxUrl, only: ['P5'], settle: 0 });

  expect(code).toBe(1);
  expect(printed).toMatch(/^✗ P5 /m);
});

test('counts an order that an operator resumed as an act, and one resumed by the reconciler not', async () => {
  await world.db.query(
    `insert into resumes (checkout_id, number, found, id, reason, operator)
     select id, number, 'gone', act, act, act
       from checkouts, (values (1, 'an-act'), (2, null)) resumed (number, act)`,
  );

  const { printed } = await check({ json: true, only: ['P11'] });

  const { P11 } = (JSON.parse(printed) as Answer).promises;
  expect(P11).toMatchObject({ checked: 1, violations: 0, details: { resumes: { acts: 1 } } });
});

test("what a shell sets for another Postgres does not reach a stack's embedded one", async () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-verify-'));
  const nowhere = { api: null, sandbox: null, temporal: null, temporalUi: null, redis: null, codec: null };
  const stack = { ...nowhere, postgres: world.databaseUrl, pids: { postgres: process.pid } };
  writeFileSync(path.join(dataDir, 'stack.json'), JSON.stringify(stack));

  const { code, answer } = await verifyByCommand(dataDir, ['--only', 'P6'], {
    ...{ PGSSLMODE: 'require', PGOPTIONS: '-c search_path=nowhere', DATABASE_URL: '' },
  });
  rmSync(dataDir, { recursive: true });

  expect({ code, ok: answer.ok }).toEqual({ code: 0, ok: true });
});

test('an order whose payment waits owes its end from the deadline on, by the clock of Postgres', async () => {
  const id = idOf(await place(world.app, { key: aKey() }));
  const found = async (deadline: string) => {
    await world.db.query(
      `insert into payment_waits (checkout_id, action_url, action_expires_at, deadline)
       values ($1, 'https://bank.example/approve/1', now(), now() + $2::interval)
       on conflict (checkout_id) do update set deadline = excluded.deadline`,
      [id, deadline],
    );
    const { printed } = await check({ json: true, only: ['P2', 'P3'], settle: 0 });
    const { P2, P3 } = (JSON.parse(printed) as Answer).promises;
    return [P2, P3].map(({ pending, violations }) => ({ pending, violations }));
  };

  expect(await found('15 min')).toEqual(Array(2).fill({ pending: 1, violations: 0 }));
  expect(await found('-1 s')).toEqual(Array(2).fill({ pending: 0, violations: 1 }));
});
