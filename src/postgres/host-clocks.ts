import type { Queryable } from './database';

/** A process that has not been seen for longer has ended, or cannot reach Postgres. */
const SEEN_WITHIN = '2 minutes';

export interface HostClock {
  /** `api`, `worker`, `service` or `relay`. */
  readonly kind: string;
  /** How far its host's clock is ahead of the database's; negative if it is behind. */
  readonly aheadSeconds: number;
}

/** Stores how far a process's host is from the database's clock, and deletes processes that have gone. */
export async function noteHostClock(db: Queryable, { process, kind, aheadSeconds }: HostClock & { process: string }) {
  await db.query(
    `insert into host_clocks (process, kind, ahead_seconds)
     values ($1, $2, $3)
     on conflict (process) do update set ahead_seconds = excluded.ahead_seconds, seen_at = now()`,
    [process, kind, aheadSeconds],
  );
  await db.query(`delete from host_clocks where seen_at < now() - interval '${SEEN_WITHIN}'`);
}

/** For each kind of process, the clock that is furthest off. */
export async function hostClocks(db: Queryable): Promise<HostClock[]> {
  const { rows } = await db.query<HostClock>(
    `select distinct on (kind) kind, ahead_seconds as "aheadSeconds"
       from host_clocks
      where seen_at > now() - interval '${SEEN_WITHIN}'
      order by kind, abs(ahead_seconds) desc`,
  );
  return rows;
}
