import { openDatabase } from '../../src/postgres/database';
import type { Database } from '../../src/postgres/database';
import { migrate } from '../../src/postgres/migrate';
import { seedSandboxCatalog } from '../../src/postgres/seed-sandbox-catalog';
import { readConfig } from '../../src/runtime/config';
import { FreePorts } from '../../src/stack/free-ports';
import { writeStackFile } from '../../src/stack/stack-file';
import { stackSecrets } from '../../src/stack/stack-secrets';
import { stackSettings } from '../../src/stack/stack-settings';
import { deadMansSwitch } from '../support/dead-mans-switch';
import { aDataDir, removeDataDir } from '../support/test-stack';
import { CATALOG } from './catalog';
import type { FaultyRoad } from './faulty-road';
import { Parts } from './parts';
import { buildRoads } from './roads';
import type { Roads } from './roads';
import { startService } from './service';
import { startStores } from './stores';

/** For looking on: what waits for the service waits in the service. */
const CONNECTIONS = 4;
/** Of Valkey. The cache, which may be lost, is in database 0; the stream of events, which is a sink's record, in this one. */
const RECORD_DATABASE = 1;

/** What faults are injected into, and what is looked at. */
export interface World {
  readonly parts: Parts;
  readonly roads: readonly FaultyRoad[];
  /** The API as clients reach it: by way of a faulty road. */
  readonly api: string;
  /** These directly: whoever looks on is not to be disturbed. */
  readonly db: Database;
  readonly cache: string;
  readonly sandbox: string;
  /** With `stack.json` in it, for tools. */
  readonly dataDir: string;
  readonly close: () => Promise<void>;
}

/** Starts everything. What has been started is stopped, also where the rest cannot be. */
export async function startWorld(say: (sentence: string) => void, { oneProcess = false } = {}): Promise<World> {
  const dataDir = aDataDir();
  const orphans = deadMansSwitch(dataDir);
  const parts = new Parts({ dataDir, orphans });
  let roads: Roads | undefined;
  const closers: (() => Promise<unknown>)[] = [
    async () => {
      removeDataDir(dataDir);
      orphans.disarm();
    },
    // After the processes: each stops in order, and asks the others for it.
    async () => Promise.all((roads?.all ?? []).map((road) => road.close())),
    () => parts.stop(),
  ];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each().catch((error: unknown) => say(String(error)));
  };
  try {
    const site = { parts, dataDir, ports: new FreePorts() };
    const stores = await startStores(site);
    await migrate(stores.postgres);
    await seedSandboxCatalog(stores.postgres, CATALOG);
    const record = `${stores.redis}/${RECORD_DATABASE}`;
    const apiPort = await site.ports.pick(0);
    roads = await buildRoads(stores, { record, apiPort, oneProcess });
    await startService(site, { roads, apiPort, payloadKeys: payloadKeysIn(dataDir) });
    const db = openDatabase(stores.postgres, { connections: CONNECTIONS, onIdleError: () => undefined });
    closers.push(() => db.close());

    const { sandbox, redis: cache } = stores;
    const addresses = { ...stores, redis: record, api: `http://127.0.0.1:${apiPort}`, temporalUi: null, codec: null };
    writeStackFile(dataDir, { ...addresses, pids: parts.pids() });
    return { parts, roads: roads.all, api: roads.toApi, db, cache, sandbox, dataDir, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Made up and kept where tools look for them. */
function payloadKeysIn(dataDir: string): string {
  const own = { DATA_DIR: dataDir, TEMPORAL_ADDRESS: '', PAYLOAD_KEYS: '' };
  return stackSecrets(stackSettings({ ...readConfig(), ...own }, process.env)).payloadKeys;
}
