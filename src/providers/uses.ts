import { randomUUID } from 'node:crypto';
import type { Role } from '../ports/providers';
import type { Database, Queryable } from '../postgres/database';
import type { Logger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import type { Loop } from '../runtime/loop';

const TELL_EVERY_MS = 30_000;
/** A process that has not been seen for longer has ended, or cannot reach Postgres. */
const SEEN_WITHIN = '2 minutes';

/** Role by role, the adapters of all tenants. */
export type Uses = Readonly<Partial<Record<Role, readonly string[]>>>;

/** Stores which adapters a process uses, and deletes processes that have gone. */
export function tellUses(kind: string, uses: Uses, { db, logger }: { db: Database; logger: Logger }): Loop {
  const process = randomUUID();
  const tell = async () => {
    await db.query(
      `insert into provider_uses (process, kind, adapters)
       values ($1, $2, $3)
       on conflict (process) do update set seen_at = now()`,
      [process, kind, JSON.stringify(uses)],
    );
    await db.query(`delete from provider_uses where seen_at < now() - interval '${SEEN_WITHIN}'`);
    return 0;
  };
  return startLoop('tell-provider-uses', tell, { restMs: TELL_EVERY_MS, full: 1, logger });
}

export interface UsedBy {
  /** `worker`, `service` or `relay`. */
  readonly kind: string;
  readonly role: string;
  readonly adapter: string;
  readonly processes: number;
}

export async function providerUses(db: Queryable): Promise<UsedBy[]> {
  const { rows } = await db.query<UsedBy>(
    `select kind, used.role, adapter, count(*)::integer as processes
       from provider_uses, jsonb_each(adapters) used (role, names), jsonb_array_elements_text(names) adapter
      where seen_at > now() - interval '${SEEN_WITHIN}'
      group by kind, used.role, adapter
      order by kind, used.role, adapter`,
  );
  return rows;
}
