import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { appendFile, readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { launchChild } from '../../src/stack/child';
import { removeDetachedHome } from '../../src/stack/detached-home';
import { FreePorts } from '../../src/stack/free-ports';
import { packageRoot } from '../../src/stack/package-root';
import { postgresCluster } from '../../src/stack/postgres-cluster';
import { preparePostgresHome } from '../../src/stack/postgres-home';
import { startPostgres } from '../../src/stack/postgres-server';
import { startWhereFree } from '../../src/stack/start-where-free';
import { deadMansSwitch } from './dead-mans-switch';

export interface LogicalPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** A migrated Postgres that can be decoded. One of its own, because the others need not write what decoding takes. */
export async function startLogicalPostgres(): Promise<LogicalPostgres> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-logical-'));
  // Postgres runs as another user when we are root, and has to get through.
  chmodSync(dataDir, 0o711);
  const orphans = deadMansSwitch(dataDir);
  const home = await preparePostgresHome(dataDir);
  const { data } = await postgresCluster(home, { durable: false });
  await appendFile(path.join(data, 'postgresql.conf'), 'wal_level = logical\n');

  const ports = new FreePorts();
  const logFile = path.join(dataDir, 'postgres.log');
  const { running } = await startWhereFree(
    () => ports.pick(0),
    (port) => startPostgres({ launch: launchChild, home, port, database: 'decoded', durable: false, logFile }),
  );
  orphans.watch(running.child.pid);
  await applyMigrations(running.url);
  const stop = async () => {
    await running.child.stop();
    removeDetachedHome(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
    orphans.disarm();
  };
  return { url: running.url, stop };
}

/** By themselves, because the runner is an ES module, which Jest cannot load. */
async function applyMigrations(url: string): Promise<void> {
  const folder = path.join(packageRoot(), 'src/postgres/migrations');
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const file of (await readdir(folder)).sort())
      await client.query(await readFile(path.join(folder, file), 'utf8'));
  } finally {
    await client.end();
  }
}
