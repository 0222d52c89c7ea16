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

/** P9 replays what was recorded, which needs no stack either. */
const ONLY: readonly PromiseName[] = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P10', 'P11', 'P14'];

const NOTHING_ELSE = {
  ...{ dataDir: '/nowhere', databaseUrl: '', temporalAddress: '', temporalNamespace: 'default', payloadKeys: '' },
  ...{ redisStream: 'checkout-events', kafkaBrokers: '', kafkaTopic: '', natsUrl: '', natsStream: '' },
};

async function look(options: Partial<VerifyOptions> = {}) {
  const streams = { stdout: aScreen(), stderr: aScreen() };
  const given = { settle: 60, sample: 10, only: ONLY, postgres: world.databaseUrl, ...options };
  const code = await verify(given, streams, NOTHING_ELSE);
  return { code, said: streams.stdout.written() };
}

test('with a database and nothing else it is not red, and says what it could not see', async () => {
  const { code, said } = await look({ json: true });

  const { ok, promises } = JSON.parse(said) as Answer;
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  for (const name of ['P1', 'P4', 'P5'] as const) {
    expect(promises[name]).toMatchObject({ violations: 0, unchecked: [expect.stringContaining('--sandbox')] });
  }
  expect(promises.P2).toMatchObject({ checked: 1, unchecked: [expect.stringContaining('--temporal')] });
  expect(promises.P14).toMatchObject({ checked: 0, unchecked: [expect.stringContaining('--temporal')] });
  expect(promises.P6.unchecked).toEqual([]);
});

test('a promise that was not looked at is not printed as kept', async () => {
  const { said } = await look();

  expect(said).toMatch(/^\? P5 /m);
  expect(said).toMatch(/^✓ P6 /m);
  expect(said).toContain('P5  Not checked: what was charged');
  expect(said).toContain('As promised, as far as it was checked.');
});

test('with the journals named as well, a completed order that nobody paid is found', async () => {
  const { code, said } = await look({ sandbox: world.sandboxUrl, only: ['P5'], settle: 0 });

  expect(code).toBe(1);
  expect(said).toMatch(/^✗ P5 /m);
});

test('an order that an operator resumed is an act that was looked at, and one that nobody asked for is none', async () => {
  await world.db.query(
    `insert into resumes (checkout_id, number, found, id, reason, operator)
     select id, number, 'gone', act, act, act
       from checkouts, (values (1, 'an-act'), (2, null)) resumed (number, act)`,
  );

  const { said } = await look({ json: true, only: ['P11'] });

  const { P11 } = (JSON.parse(said) as Answer).promises;
  expect(P11).toMatchObject({ checked: 1, violations: 0, details: { resumes: { acts: 1 } } });
});

test('what a shell sets for another Postgres does not reach the embedded one of a stack', async () => {
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
