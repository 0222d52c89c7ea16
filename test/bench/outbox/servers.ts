import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { launchChild } from '../../../src/local/stack/child';
import type { Child, Launch } from '../../../src/local/stack/child';
import { removeDetachedHome } from '../../../src/local/stack/detached-home';
import { FreePorts } from '../../../src/local/stack/free-ports';
import { preparePostgresHome } from '../../../src/local/stack/postgres-home';
import { startPostgres } from '../../../src/local/stack/postgres-server';
import { findProgram } from '../../../src/local/stack/programs';
import { startValkey } from '../../../src/local/stack/valkey-server';
import { deadMansSwitch } from '../../support/dead-mans-switch';
import { programSearch } from '../../support/program-search';

export interface Servers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  stop(): Promise<void>;
}

/** A Postgres and a Valkey as `npm start` runs them: each commit is on disk before it is acknowledged. */
export async function startServers(): Promise<Servers> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-bench-'));
  // If we are root, Postgres runs as another user, who must be able to enter.
  chmodSync(dataDir, 0o711);
  const orphans = deadMansSwitch(dataDir);
  const children = new Set<Child>();
  const launch: Launch = (spec) => {
    const child = launchChild(spec);
    orphans.watch(child.pid);
    children.add(child);
    return child;
  };
  const stop = async () => {
    await Promise.all([...children].map((child) => child.stop()));
    removeDetachedHome(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
    orphans.disarm();
  };
  try {
    const ports = new FreePorts();
    const [databaseUrl, redisUrl] = await Promise.all([postgres(), valkey()]);
    return { databaseUrl, redisUrl, stop };

    async function postgres(): Promise<string> {
      const home = await preparePostgresHome(dataDir);
      const logFile = path.join(dataDir, 'postgres.log');
      const options = { launch, home, port: await ports.pick(0), database: 'bench', durable: true, logFile };
      const first = await startPostgres(options);
      // For the package's listener, which uses replication. It costs the others a little.
      await withClient(first.url, (client) => client.query(`alter system set wal_level = 'logical'`));
      await first.child.stop();
      return (await startPostgres(options)).url;
    }

    async function valkey(): Promise<string> {
      const program = await findProgram('valkey-server', programSearch());
      const logFile = path.join(dataDir, 'valkey.log');
      const port = await ports.pick(0);
      return (await startValkey({ launch, program, dataDir, port, env: process.env, logFile })).url;
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Opens a connection while `work` runs. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
