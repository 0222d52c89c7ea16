import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { Client } from 'pg';
import { launchChild } from '../../../src/local/stack/child';
import { removeDetachedHome } from '../../../src/local/stack/detached-home';
import { FreePorts } from '../../../src/local/stack/free-ports';
import { bundledPostgres } from '../../../src/local/stack/postgres-binaries';
import { preparePostgresHome } from '../../../src/local/stack/postgres-home';
import { startPostgres } from '../../../src/local/stack/postgres-server';
import { processIdentity } from '../../../src/local/stack/process-identity';
import { startWhereFree } from '../../../src/local/stack/start-where-free';
import { eventually } from '../../support/eventually';
import { aDirectory } from './setup';

/** Starts Postgres on `dataDir`, runs one statement, and ends it with `signal`. */
async function run(
  dataDir: string,
  native: string,
  statement: string,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<unknown> {
  const home = await preparePostgresHome(dataDir, native);
  const ports = new FreePorts();
  const options = { launch: launchChild, home, database: 'checkout', durable: true };
  const { running } = await startWhereFree(
    () => ports.pick(0),
    (port) => startPostgres({ ...options, port, logFile: path.join(dataDir, 'postgres.log') }),
  );
  const client = new Client({ connectionString: running.url });
  client.on('error', () => undefined); // it is killed below
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } finally {
    process.kill(running.child.pid, signal);
    await running.child.exited;
    await client.end();
  }
}

test('runs, and keeps its data through kill -9, where only the owner may enter binaries and data', async () => {
  const directory = aDirectory();
  const native = path.join(directory, 'package', 'native');
  cpSync(path.dirname(bundledPostgres()), path.dirname(native), { recursive: true, verbatimSymlinks: true });
  const dataDir = aDirectory();

  await run(dataDir, native, `create table kept as select 42 as answer`, 'SIGKILL');
  const rows = await run(dataDir, native, 'select answer from kept');

  expect(rows).toEqual([{ answer: 42 }]);
  expect(statSync(path.join(dataDir, 'postgres', 'password')).mode & 0o077).toBe(0);
  const home = realpathSync(path.join(dataDir, 'postgres'));
  removeDetachedHome(dataDir);
  rmSync(dataDir, { recursive: true });
  expect(existsSync(home)).toBe(false);
});

test.each([
  ['another process', 'echo $$', true],
  ['a zombie', 'sleep 0.05 & echo $!', false],
])('starts although the pid of a killed Postgres now belongs to %s', async (_, printPid, lives) => {
  const dataDir = aDirectory();
  await run(dataDir, bundledPostgres(), 'create table kept as select 42 as answer', 'SIGKILL');
  const lock = path.join(dataDir, 'postgres', 'data', 'postmaster.pid');
  const [, ...others] = readFileSync(lock, 'utf8').split('\n');
  // As the same user: Postgres knows that another user's process is not its own.
  const { uid, gid } = statSync(lock);
  const stranger = spawn('sh', ['-c', `${printPid}; exec sleep 60`], { uid, gid, stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = Number(String((await once(stranger.stdout, 'data'))[0]));
  await eventually(() => (processIdentity(pid) !== undefined) === lives || undefined);
  writeFileSync(lock, [pid, ...others].join('\n'));

  try {
    const rows = await run(dataDir, bundledPostgres(), 'select answer from kept');

    expect(rows).toEqual([{ answer: 42 }]);
    expect(processIdentity(stranger.pid ?? 0)).toBeDefined();
  } finally {
    stranger.kill();
  }
});

test("does not create an empty database when it can no longer enter the old one's directory", async () => {
  const dataDir = aDirectory();
  mkdirSync(path.join(dataDir, 'postgres', 'data'), { recursive: true });

  const prepared = preparePostgresHome(dataDir).then(
    ({ directory }) => directory,
    (error: Error) => error.message,
  );

  // Root has to run it as another user, who cannot enter; any other user runs it as themselves, and can.
  const inside = path.join(dataDir, 'postgres');
  expect(await prepared).toMatch(process.getuid?.() === 0 ? `can no longer enter ${inside}` : inside);
});
