import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { readStackFile } from '../../../src/stack/stack-file';
import { startTestStack } from '../../support/test-stack';
import type { TestStack } from '../../support/test-stack';
import { Contestant } from './contestant';
import { startRestateServer } from './restate-server';
import type { RestateServer } from './restate-server';
import { makeTables } from './seven-steps';
import type { Load, Site, System } from './system';

const PAYLOAD_KEY_BYTES = 32;
/** One process on our Temporal and our Postgres. */
const BY_ITSELF: readonly System[] = ['naive', 'local', 'idle', 'empty', 'start'];

/** Our stack as `npm start` has it, and on its Postgres and its Temporal the others. */
export interface Arena {
  readonly contestants: ReadonlyMap<System, Contestant>;
  /** The processes that work for a system. */
  pidsFor(contestant: Contestant): Load['pids'];
  readonly stack: TestStack['stack'];
  /** As they are now: a part that was ended comes back with another. */
  pids(): TestStack['stack']['pids'];
  close(): Promise<void>;
}

/** `say` hears of those that cannot be had. */
export async function openArena(systems: readonly System[], say: (line: string) => void): Promise<Arena> {
  const env = {
    RATE_LIMIT: '100000000',
    LOG_LEVEL: 'warn',
    PAYLOAD_KEYS: `bench:${randomBytes(PAYLOAD_KEY_BYTES).toString('base64')}`,
  };
  const test = await startTestStack(undefined, env, [], true);
  const contestants = new Map<System, Contestant>();
  let restate: RestateServer | undefined;
  const close = async () => {
    for (const contestant of contestants.values()) contestant.end();
    await restate?.stop();
    await test.stop();
  };
  try {
    if (systems.includes('restate')) restate = await startRestateServer().catch(without('restate', say));
    const site = await siteOf(test.stack, restate);
    for (const system of systems) {
      const contestant = await Contestant.start(system, site, env).catch(without(system, say));
      if (contestant) contestants.set(system, contestant);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const pids = () => readStackFile(test.dataDir).pids;
  const pidsFor = (contestant: Contestant) => pidsOf(contestant, pids(), restate?.pid);
  return { contestants, pidsFor, stack: test.stack, pids, close };
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

/** In the same Postgres, which syncs each commit to disk for all alike. */
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
  const ours = { worker: pids.worker ?? 0, relay: pids.relay ?? 0, providers: pids.sandbox ?? 0, ...both };
  return system === 'direct' ? { client: pid, ...ours } : { client: pid, api: pids.api ?? 0, ...ours };
}
