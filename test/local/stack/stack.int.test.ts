import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { processIdentity } from '../../../src/local/stack/process-identity';
import { ProcessRegistry } from '../../../src/local/stack/process-registry';
import { readStackFile } from '../../../src/local/stack/stack-file';
import { eventually } from '../../support/eventually';
import { aDataDir, removeDataDir, runStart, startTestStack } from '../../support/test-stack';

const dataDirs: string[] = [];
afterAll(() => dataDirs.forEach(removeDataDir));

const newDataDir = () => {
  const dataDir = aDataDir();
  dataDirs.push(dataDir);
  return dataDir;
};

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

const alive = (pids: readonly number[]) => pids.filter((pid) => processIdentity(pid) !== undefined);

test('comes back with its data after kill -9 of every process, and leaves nothing behind when stopped', async () => {
  const dataDir = newDataDir();
  const first = await startTestStack(dataDir);
  await query(first.stack.postgres, 'create table kept as select 42 as answer');
  const killed = once(first.child, 'exit');
  for (const pid of Object.values(first.stack.pids)) process.kill(pid, 'SIGKILL');
  await killed;

  const second = await startTestStack(dataDir);
  const rows = await query(second.stack.postgres, 'select answer from kept');
  const health = await fetch(`${second.stack.api}/readyz`);
  const code = await second.interrupt();

  expect(rows).toEqual([{ answer: 42 }]);
  expect(health.status).toBe(200);
  expect(code).toBe(0);
  expect(alive(Object.values(second.stack.pids))).toEqual([]);
  expect(readdirSync(dataDir)).not.toContain('stack.json');
});

test('ends what is left when only its supervisor was killed', async () => {
  const dataDir = newDataDir();
  const first = await startTestStack(dataDir);
  const killed = once(first.child, 'exit');
  first.child.kill('SIGKILL');
  await killed;

  const second = await startTestStack(dataDir);

  expect(alive(Object.values(first.stack.pids))).toEqual([]);
  expect(await second.interrupt()).toBe(0);
});

test('restarts a killed worker in the same stack', async () => {
  const running = await startTestStack(newDataDir());
  const { worker = 0, ...others } = running.stack.pids;

  process.kill(worker, 'SIGKILL');
  const after = await eventually(() => {
    const now = readStackFile(running.dataDir);
    return now.pids.worker === worker ? undefined : now;
  });

  expect(after).toEqual({ ...running.stack, pids: { ...others, worker: after.pids.worker } });
  expect(alive([after.pids.worker ?? 0])).toHaveLength(1);
  expect(running.output()).toContain('Worker stopped (SIGKILL); starting it again');
  expect(await running.interrupt()).toBe(0);
});

test('runs twice side by side, but not twice on the same data, not even with --fresh', async () => {
  const [one, other] = await Promise.all([startTestStack(newDataDir()), startTestStack(newDataDir())]);

  const refused = await startTestStack(one.dataDir, {}, ['--fresh']).catch((error: Error) => error.message);

  expect(refused).toContain(`belongs to a running stack (process ${one.child.pid})`);
  const pids = [one, other].flatMap(({ stack }) => Object.values(stack.pids));
  expect(alive(pids)).toHaveLength(18);
  expect(await Promise.all([one.interrupt(), other.interrupt()])).toEqual([0, 0]);
  expect(alive(pids)).toEqual([]);
});

test('stops what it has started when interrupted during the start', async () => {
  const dataDir = newDataDir();
  const registry = new ProcessRegistry(path.join(dataDir, 'processes.json'));
  const starting = runStart(dataDir);
  const exited = once(starting, 'exit');
  const postgres = await eventually(() => registry.living().find(({ name }) => name === 'postgres'));

  starting.kill('SIGINT');

  expect(await exited).toEqual([0, null]);
  expect(alive([postgres.pid])).toEqual([]);
  expect(registry.living()).toEqual([]);
});

test('says which part did not start and what to do about it, and stops the others', async () => {
  const dataDir = newDataDir();

  const refused = startTestStack(dataDir, { VALKEY_SERVER: '/bin/false' });

  await expect(refused).rejects.toThrow(/exit code 1[\s\S]*Valkey did not start \(exit code 1\)[\s\S]*REDIS_URL=off/);
  expect(new ProcessRegistry(path.join(dataDir, 'processes.json')).living()).toEqual([]);
});
