import { Redis } from 'ioredis';
import { Client } from 'pg';
import { migrate } from '../../../src/postgres/migrate';
import { Contestant } from './contestant';
import { makeOldEvents, makeSample } from './events';
import { startServers, withClient } from './servers';
import { makeTables } from './tables';
import { SYSTEMS } from './system';
import type { Site, System } from './system';

/** A database with all outboxes, and the systems that publish from it. */
export interface Arena {
  readonly site: Site;
  readonly client: Client;
  readonly redis: Redis;
  /** True if its log has old events, which are kept. */
  readonly keepLog: boolean;
  readonly contestants: Readonly<Record<System, Contestant>>;
}

export interface Arenas {
  readonly fresh: Arena;
  /** The same, with old events in our log. */
  readonly grown: Arena;
  close(): Promise<void>;
}

const STREAM = 'events';

export async function openArenas({ events, old }: { events: number; old: number }): Promise<Arenas> {
  const servers = await startServers();
  const redis = new Redis(servers.redisUrl);
  const contestants = Object.fromEntries(
    SYSTEMS.map((system) => [system, new Contestant(system)]),
  ) as Arena['contestants'];
  const clients: Client[] = [];
  const open = async (databaseUrl: string, keepLog: boolean): Promise<Arena> => {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    clients.push(client);
    return { site: { databaseUrl, redisUrl: servers.redisUrl, stream: STREAM }, client, redis, keepLog, contestants };
  };
  const close = async () => {
    for (const contestant of Object.values(contestants)) contestant.end();
    await Promise.all(clients.map((client) => client.end()));
    redis.disconnect();
    await servers.stop();
  };

  try {
    await migrate(servers.databaseUrl);
    await withClient(servers.databaseUrl, async (client) => {
      await makeTables(client);
      await makeSample(client, events);
    });
    const grownUrl = Object.assign(new URL(servers.databaseUrl), { pathname: '/grown' }).href;
    const anotherUrl = Object.assign(new URL(servers.databaseUrl), { pathname: '/postgres' }).href;
    await withClient(anotherUrl, (client) => client.query(`create database grown template bench`));
    await withClient(grownUrl, (client) => makeOldEvents(client, old));
    return { fresh: await open(servers.databaseUrl, false), grown: await open(grownUrl, true), close };
  } catch (error) {
    await close();
    throw error;
  }
}
