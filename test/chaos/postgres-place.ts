import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Database } from '../../src/postgres/database';
import type { Child } from '../../src/local/stack/child';
import { preparePostgresHome } from '../../src/local/stack/postgres-home';
import type { PostgresHome } from '../../src/local/stack/postgres-home';
import { startPostgres } from '../../src/local/stack/postgres-server';
import type { Postgres } from '../../src/local/stack/postgres-server';
import { eventually } from '../support/eventually';
import { copyAsStandby, promote } from '../support/standby';
import { logFileOf } from './site';
import type { Site } from './site';

const DATABASE = 'checkout';
/** A file with the directory of the server that was promoted last, for the next start. */
const CURRENT = 'current';

interface Server {
  readonly home: PostgresHome;
  readonly port: number;
}
interface Standby extends Server, Postgres {}

/** A durable Postgres. If it dies while a standby follows it, the standby is promoted and takes over. */
export class PostgresPlace {
  /** Called with the port when another server becomes Postgres. */
  onMove: (port: number) => void = () => undefined;
  #standby: Standby | undefined;
  #standbys = 0;

  private constructor(
    private readonly site: Site,
    private readonly root: PostgresHome,
    private primary: Server,
  ) {}

  static async begin(site: Site): Promise<{ place: PostgresPlace; url: string }> {
    const root = await preparePostgresHome(site.dataDir);
    const place = new PostgresPlace(site, root, { home: currentIn(root), port: await site.ports.pick(0) });
    const { url } = await site.parts.begin('postgres', () => place.#start());
    return { place, url };
  }

  /** Starts a standby, and returns once nothing is acknowledged that it does not have: otherwise a failover would lose what clients were told. */
  async follow(db: Database, url: string): Promise<void> {
    this.#standbys += 1;
    const home = { ...this.root, directory: path.join(this.root.directory, `standby-${this.#standbys}`) };
    await mkdir(home.directory, { recursive: true, mode: 0o700 });
    if (home.user) await chown(home.directory, home.user.uid, home.user.gid);
    await copyAsStandby({ url: at(url, this.primary.port), home: this.primary.home }, home);
    const port = await this.site.ports.pick(0);
    this.#standby = { home, port, ...(await this.#run({ home, port }, 'standby')) };

    await setSynchronous(db, `'*'`);
    // The checkpointer makes sessions wait for the standby; it reads its settings before a checkpoint.
    await db.query('checkpoint');
    const { rows } = await db.query<{ lsn: string }>('select pg_current_wal_insert_lsn() as lsn');
    const caughtUp = `select from pg_stat_replication where sync_state = 'sync' and flush_lsn >= $1::pg_lsn`;
    await eventually(async () => (await db.query(caughtUp, [rows[0]?.lsn])).rowCount === 1 || undefined);
  }

  /** Stops the standby, unless it has taken over. */
  async unfollow(db: Database): Promise<void> {
    const standby = this.#standby;
    if (!standby) return;
    this.#standby = undefined;
    await setSynchronous(db, `''`);
    await standby.child.stop();
  }

  async #start(): Promise<{ child: Child; url: string }> {
    const standby = this.#standby;
    if (!standby) return this.#run(this.primary);
    await promote(standby.url);
    this.#standby = undefined;
    this.primary = standby;
    writeFileSync(path.join(this.root.directory, CURRENT), path.basename(standby.home.directory));
    this.onMove(standby.port);
    return standby;
  }

  #run({ home, port }: Server, as?: 'standby'): Promise<Postgres> {
    const { parts } = this.site;
    const launch = as === 'standby' ? parts.launchApart : parts.launch;
    return startPostgres({
      ...{ launch, home, port, database: DATABASE, durable: true },
      logFile: logFileOf(this.site, 'postgres', as),
    });
  }
}

async function setSynchronous(db: Database, names: string): Promise<void> {
  await db.query(`alter system set synchronous_standby_names = ${names}`);
  await db.query('select pg_reload_conf()');
}

function currentIn(root: PostgresHome): PostgresHome {
  const file = path.join(root.directory, CURRENT);
  return existsSync(file) ? { ...root, directory: path.join(root.directory, readFileSync(file, 'utf8')) } : root;
}

function at(url: string, port: number): string {
  const there = new URL(url);
  there.port = String(port);
  return there.href;
}
