import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { readStackFile } from '../../../src/local/stack/stack-file';
import { startTestStack } from '../../support/test-stack';
import type { TestStack } from '../../support/test-stack';
import { Contestant } from './contestant';
import { startRestateServer } from './restate-server';
import type { RestateServer } from './restate-server';
import { makeTables } from './seven-steps';
import type { Load, Site, System } from './system';

const PAYLOAD_KEY_BYTES = 32;
/** Systems that are one process on our Temporal and our Postgres. */
const BY_ITSELF: readonly System[] = ['naive', 'local', 'idle', 'empty', 'start'];

/** Ours in one process, and the others on its Postgres and its Temporal. `apart` has its own stack, which is idle while others are measured. */
export interface Arena {
  readonly contestants: ReadonlyMap<System, Contestant>;
  /** The processes that work for a system. */
  pidsFor(contestant: Contestant): Load['pids'];
  readonly stack: TestStack['stack'];
  /** The current pids: a part that was killed restarts with another. */
  pids(): TestStack['stack']['pids'];
  close(): Promise<void>;
}

/** Reports systems that are not available to `say`. */
export async function openArena(
  systems: readonly System[],
  say: (line: string) => void,
  { oneProcess = true } = {},
): Promise<Arena> {
  const env = {
    RATE_LIMIT: '100000000',
    LOG_LEVEL: 'warn',
    PAYLOAD_KEYS: `bench:${randomBytes(PAYLOAD_KEY_BYTES).toString('base64')}`,
  };
  const start = (together: boolean) => startTestStack(undefined, env, together ? ['--one-process'] : [], true);
  const shared = await start(oneProcess);
  const contestants = new Map<System, Contestant>();
  let [restate, apart]: [RestateServer?, TestStack?] = [];
  const close = async () => {
    for (const contestant of contestants.values()) contestant.end();
    await Promise.all([restate?.stop(), shared.stop(), apart?.stop()]);
  };
  try {
    if (systems.includes('restate')) restate = await startRestateServer().catch(without('restate', say));
    if (systems.includes('apart')) apart = await start(false);
    const site = await siteOf(shared.stack, restate);
    for (const system of systems) {
      const own = system === 'apart' && apart ? await siteOf(apart.stack, undefined) : site;
      const contestant = await Contestant.start(system, own, env).catch(without(system, say));
      if (contestant) contestants.set(system, contestant);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const pidsIn = ({ dataDir }: TestStack) => readStackFile(dataDir).pids;
  const pidsFor = (contestant: Contestant) =>
    pidsOf(contestant, pidsIn(contestant.system === 'apart' && apart ? apart : shared), restate?.pid);
  return { contestants, pidsFor, stack: shared.stack, pids: () => pidsIn(shared), close };
}

const without =
  (system: System, say: (line: string) => void) =>
  (error: unknown): undefined => {
    if (system !== 'dbos' && system !== 'restate') throw error;
    say(`Without ${system}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`);
  };

async function siteOf(stack: TestStack['stack'], restate: RestateServer | undefined): Promise<Site> {
  const { api, temporal, postgres } = stack;
  const [stepsUrl, dbosUrl] = [await database(postgres, 'steps'), await database(postgres, 'dbos')];
  await makeTables(stepsUrl);
  return { api, temporal, databaseUrl: postgres, stepsUrl, dbosUrl, restate: restate ?? null };
}

/** Creates a database in the same Postgres, which syncs each commit to disk for every system alike. */
async function database(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${client.escapeIdentifier(name)}`);
  await client.end();
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

function pidsOf({ system, pid }: Contestant, pids: TestStack['stack']['pids'], restate = 0): Load['pids'] {
  const postgres = { postgres: pids.postgres ?? 0 };
  if (system === 'dbos') return { service: pid, ...postgres };
  if (system === 'restate') return { service: pid, engine: restate, ...postgres };
  const both = { engine: pids.temporal ?? 0, ...postgres };
  if (BY_ITSELF.includes(system)) return { service: pid, ...both };
  const { api = 0, worker, relay = 0, sandbox = 0 } = pids;
  const service = worker === undefined ? { service: api } : { api, worker };
  return { client: pid, ...service, relay, providers: sandbox, ...both };
}
