import { Client, Connection } from '@temporalio/client';
import { openDatabase } from '../../src/postgres/database';
import type { Database } from '../../src/postgres/database';
import { migrate } from '../../src/postgres/migrate';
import { seedSandboxCatalog } from '../../src/postgres/seed-sandbox-catalog';
import { readConfig } from '../../src/runtime/config';
import { FreePorts } from '../../src/local/stack/free-ports';
import { writeStackFile } from '../../src/local/stack/stack-file';
import { stackSecrets } from '../../src/local/stack/stack-secrets';
import { stackSettings } from '../../src/local/stack/stack-settings';
import { newSecret } from '../../src/webhooks/signature';
import { deadMansSwitch } from '../support/dead-mans-switch';
import { aDataDir, removeDataDir } from '../support/test-stack';
import { CATALOG } from './catalog';
import { beginEndedByHand } from './ended-by-hand';
import { Endpoints } from './endpoints';
import type { FaultyRoad } from './faulty-road';
import { Parts } from './parts';
import { buildRoads } from './roads';
import { openAccess } from './postgres-access';
import type { Site } from './site';
import { startService } from './service';
import { startStores } from './stores';

/** For observing only. */
const CONNECTIONS = 4;
/** Valkey's database for the stream of events, which is a sink's record. The cache, which may be lost, is in database 0. */
const RECORD_DATABASE = 1;

interface WorldOptions {
  readonly oneProcess?: boolean;
  readonly pooler?: boolean;
  readonly http?: boolean;
  readonly payments?: 'async';
}

/** What faults are injected into, and what is checked. */
export interface World {
  readonly parts: Parts;
  readonly roads: readonly FaultyRoad[];
  /** The API as clients reach it, over a faulty road. */
  readonly api: string;
  /** These directly: faults must not disturb the observer. */
  readonly db: Database;
  readonly postgres: string;
  readonly temporal: Client;
  /** The standby of Postgres. While it follows, killing Postgres is a failover. */
  readonly standby: { readonly follow: () => Promise<void>; readonly unfollow: () => Promise<void> };
  readonly endpoints: Endpoints;
  readonly cache: string;
  readonly sandbox: string;
  /** Contains `stack.json`, for tools. */
  readonly dataDir: string;
  /** Checkouts that an operator may have given up, by id. */
  readonly givenUp: Set<string>;
  /** Records a difference, as a sentence. */
  readonly differs: (difference: string) => void;
  readonly differences: readonly string[];
  /** Keeps the data directory, logs included, when the world is closed. */
  readonly keep: () => void;
  readonly close: () => Promise<void>;
}

/** Starts everything. If a part cannot start, the ones that did are stopped. */
export async function startWorld(say: (sentence: string) => void, options: WorldOptions): Promise<World> {
  const dataDir = aDataDir();
  const orphans = deadMansSwitch(dataDir);
  const parts = new Parts({ dataDir, orphans });
  let isKept = false;
  const closers: (() => Promise<unknown>)[] = [
    async () => {
      if (!isKept) removeDataDir(dataDir);
      orphans.disarm();
    },
  ];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each().catch((error: unknown) => say(String(error)));
  };
  try {
    // Roads are closed after the processes: while stopping in order, processes still call each other.
    const ways: (() => Promise<unknown>)[] = [];
    closers.push(async () => Promise.all(ways.map((closeWay) => closeWay())));
    closers.push(() => parts.stop());
    const lookers: (() => Promise<unknown>)[] = [];
    closers.push(async () => Promise.all(lookers.map((leave) => leave())));
    const built = await build({ parts, dataDir, ports: new FreePorts() }, { ways, lookers }, options);
    const differences: string[] = [];
    const differs = (difference: string) => void differences.push(difference);
    const keep = () => void (isKept = true);
    return { ...built, givenUp: new Set<string>(), differs, differences, keep, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Built = Omit<World, 'givenUp' | 'differs' | 'differences' | 'keep' | 'close'>;
interface Closers {
  readonly ways: (() => Promise<unknown>)[];
  readonly lookers: (() => Promise<unknown>)[];
}

async function build(site: Site, { ways, lookers }: Closers, options: WorldOptions): Promise<Built> {
  const { parts, dataDir } = site;
  const { oneProcess = false } = options;
  // The processor signs its webhooks with it.
  const secret = options.http || options.payments ? newSecret() : undefined;
  const { place, ...stores } = await startStores(site, secret);
  const endpoints = await Endpoints.open(stores.sandbox);
  ways.push(() => endpoints.close());
  await migrate(stores.postgres);
  await seedSandboxCatalog(stores.postgres, CATALOG);
  const record = `${stores.redis}/${RECORD_DATABASE}`;
  const apiPort = await site.ports.pick(0);
  const api = `http://127.0.0.1:${apiPort}`;
  const access = await openAccess({ url: stores.postgres, place }, options);
  ways.push(() => access.close());
  const roads = await buildRoads({ ...stores, postgres: access.forService }, { record, apiPort, oneProcess });
  ways.push(async () => Promise.all(roads.all.map((road) => road.close())));
  access.follow(roads.toPostgres);
  await startService(site, { roads, apiPort, payloadKeys: payloadKeysIn(dataDir), secret, http: options.http });
  await endpoints.register(api);

  const postgres = access.forObservers;
  const db = openDatabase(postgres, { connections: CONNECTIONS, onIdleError: () => undefined });
  const connection = Connection.lazy({ address: stores.temporal });
  lookers.push(() => db.close());
  lookers.push(() => connection.close());
  beginEndedByHand({ dataDir });
  // The sandbox behind the endpoints' front: what the endpoints received is in its journal.
  const addresses = { ...stores, postgres, redis: record, sandbox: endpoints.front.url, api };
  writeStackFile(dataDir, { ...addresses, sandboxSecret: secret ?? '', codec: null, pids: parts.pids() });
  return {
    ...{ parts, roads: roads.all, api: roads.toApi, db, postgres, dataDir, endpoints },
    temporal: new Client({ connection }),
    standby: { follow: () => place.follow(db, postgres), unfollow: () => place.unfollow(db) },
    cache: stores.redis,
    sandbox: stores.sandbox,
  };
}

/** Generated, and stored where tools find them. */
function payloadKeysIn(dataDir: string): string {
  const own = { DATA_DIR: dataDir, TEMPORAL_ADDRESS: '', PAYLOAD_KEYS: '' };
  return stackSecrets(stackSettings({ ...readConfig(), ...own }, process.env)).payloadKeys;
}
