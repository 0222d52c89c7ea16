import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrate } from '../../src/postgres/migrate';
import { readConfig } from '../../src/runtime/config';
import { launchChild } from '../../src/local/stack/child';
import type { Child } from '../../src/local/stack/child';
import { removeDetachedHome } from '../../src/local/stack/detached-home';
import { FreePorts } from '../../src/local/stack/free-ports';
import { packageRoot } from '../../src/local/stack/package-root';
import { preparePostgresHome } from '../../src/local/stack/postgres-home';
import { startPostgres } from '../../src/local/stack/postgres-server';
import { findProgram } from '../../src/local/stack/programs';
import type { ProgramName } from '../../src/local/stack/programs';
import { startWhereFree } from '../../src/local/stack/start-where-free';
import { startTemporal } from '../../src/local/stack/temporal-server';
import { startValkey } from '../../src/local/stack/valkey-server';
import { deadMansSwitch } from './dead-mans-switch';
import { TEMPLATE_DATABASE } from './template-database';

export interface TestServers {
  /** What the test files find in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Real Postgres with the migrated template, real Temporal and real Valkey; fast, because none of their data outlives the run. */
export async function startTestServers(): Promise<TestServers> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-int-'));
  // When we are root, Postgres runs as another user, who must be able to enter.
  chmodSync(dataDir, 0o711);
  const children: Child[] = [];
  const orphans = deadMansSwitch(dataDir);
  const launch = (spec: Parameters<typeof launchChild>[0]) => {
    const child = launchChild(spec);
    orphans.watch(child.pid);
    children.push(child);
    return child;
  };
  const stop = async () => {
    await Promise.all(children.map((child) => stopForGood(child)));
    removeDetachedHome(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
    orphans.disarm();
  };

  try {
    const site: Site = { launch, dataDir, ports: new FreePorts() };
    const [TEST_DATABASE_URL, TEST_TEMPORAL_ADDRESS, TEST_REDIS_URL, TEST_TIME_SKIPPING_SERVER] = await Promise.all([
      postgres(site),
      temporal(site),
      valkey(site),
      find('temporal-test-server'),
    ]);
    return {
      environment: { TEST_DATABASE_URL, TEST_TEMPORAL_ADDRESS, TEST_REDIS_URL, TEST_TIME_SKIPPING_SERVER },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Site {
  readonly launch: typeof launchChild;
  readonly dataDir: string;
  readonly ports: FreePorts;
}

/** No flushes to disk, unless slow flushes are what is tested: see `test:slow`. */
const isDiskSlow = process.env['SLOW_FLUSH_MS'] !== undefined;

async function postgres({ launch, dataDir, ports }: Site): Promise<string> {
  const home = await preparePostgresHome(dataDir);
  const options = {
    launch,
    home,
    database: TEMPLATE_DATABASE,
    durable: isDiskSlow,
    logFile: logIn(dataDir, 'postgres'),
  };
  const { running } = await startWhereFree(
    () => ports.pick(0),
    (port) => startPostgres({ ...options, port }),
  );
  await migrate(running.url);
  // A template cannot be cloned while somebody is connected to it.
  return Object.assign(new URL(running.url), { pathname: '/postgres' }).href;
}

async function temporal({ launch, dataDir, ports }: Site): Promise<string> {
  const program = await find('temporal');
  const options = { launch, program, namespace: 'default', env: process.env, logFile: logIn(dataDir, 'temporal') };
  const { running } = await startWhereFree(
    async () => ({ grpc: await ports.pick(0), ui: await ports.pick(0), http: await ports.pick(0) }),
    (chosen) => startTemporal({ ...options, ports: chosen }),
  );
  return running.address;
}

async function valkey({ launch, dataDir, ports }: Site): Promise<string> {
  const program = await find('valkey-server');
  const options = { launch, program, dataDir: path.join(dataDir, 'valkey'), env: process.env };
  const { running } = await startWhereFree(
    () => ports.pick(0),
    (port) => startValkey({ ...options, port, logFile: logIn(dataDir, 'valkey') }),
  );
  return running.url;
}

const find = (name: ProgramName): Promise<string> => {
  const cacheDir = path.resolve(packageRoot(), readConfig().CACHE_DIR);
  return findProgram(name, { cacheDir, env: process.env, onProgress: (line) => console.log(line) });
};

const logIn = (dataDir: string, name: string): string => path.join(dataDir, 'logs', `${name}.log`);

// Temporal takes seconds to close properly. Postgres is quick, and if it were killed it would leave shared memory behind.
function stopForGood(child: Child): Promise<unknown> {
  if (child.name === 'postgres') return child.stop();
  child.kill();
  return child.exited;
}
