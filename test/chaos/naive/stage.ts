import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { openDatabase } from '../../../src/postgres/database';
import type { Database } from '../../../src/postgres/database';
import { migrate } from '../../../src/postgres/migrate';
import { seedSandboxCatalog } from '../../../src/postgres/seed-sandbox-catalog';
import type { Providers } from '../../../src/providers/open-providers';
import { FreePorts } from '../../../src/local/stack/free-ports';
import { deadMansSwitch } from '../../support/dead-mans-switch';
import { servedBySandbox } from '../../support/served-by-sandbox';
import { aDataDir, removeDataDir } from '../../support/test-stack';
import { Parts } from '../parts';
import { startStores } from '../stores';
import { NAIVE_TABLES } from './activities';

const CONNECTIONS = 40;

/** The stores, the same for every contestant. */
export interface Stage {
  readonly db: Database;
  readonly sandbox: string;
  readonly providers: Providers;
  readonly client: Client;
  /** Runs a worker on the queue while `work` runs. */
  readonly withWorker: <T>(taskQueue: string, options: Partial<WorkerOptions>, work: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** Postgres, Temporal and the sandbox as in the chaos, without faults of their own. */
export async function buildStage(): Promise<Stage> {
  // Attempts that fail on purpose would fill the terminal with warnings.
  const silence = new DefaultLogger('ERROR', () => undefined);
  Runtime.install({ logger: silence, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
  const dataDir = aDataDir();
  const orphans = deadMansSwitch(dataDir);
  const parts = new Parts({ dataDir, orphans });
  const closers: (() => Promise<unknown>)[] = [
    async () => {
      removeDataDir(dataDir);
      orphans.disarm();
    },
    () => parts.stop(),
  ];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const stores = await startStores({ parts, dataDir, ports: new FreePorts() });
    await migrate(stores.postgres);
    await seedSandboxCatalog(stores.postgres);
    const db = openDatabase(stores.postgres, { connections: CONNECTIONS, onIdleError: () => undefined });
    closers.push(() => db.close());
    await db.query(NAIVE_TABLES);
    const connection = await Connection.connect({ address: stores.temporal });
    closers.push(() => connection.close());
    const native = await NativeConnection.connect({ address: stores.temporal });
    closers.push(() => native.close());
    const withWorker: Stage['withWorker'] = async (taskQueue, options, work) => {
      const worker = await Worker.create({ connection: native, taskQueue, ...options });
      return worker.runUntil(work);
    };
    const providers = await servedBySandbox(stores.sandbox, db);
    return { db, sandbox: stores.sandbox, providers, client: new Client({ connection }), withWorker, close };
  } catch (error) {
    await close();
    throw error;
  }
}
