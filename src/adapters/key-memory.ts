import { createHash } from 'node:crypto';
import type { KeyMemory, KeyState } from '../ports/key-memory';
import { ProviderFault } from '../ports/provider-fault';
import type { Role } from '../ports/providers';
import type { Queryable } from '../postgres/database';

/** A key begins with its checkout. Keys that belong to none are a tool's. */
const TENANT = `coalesce((select tenant from checkouts where id = split_part($2, ':', 1)), '-')`;

const STATE = `reference, voided_at is not null as closed`;

interface Remembered {
  reference: string | null;
  closed: boolean;
}

function stateOf({ reference, closed }: Remembered): KeyState {
  if (closed) return { state: 'closed', ...(reference !== null && { reference }) };
  return reference === null ? { state: 'begun' } : { state: 'settled', reference };
}

/** The keys of a role whose provider knows none, in `provider_references`. */
export const keyMemoryIn = (db: Queryable, role: Role): KeyMemory => ({
  async begin(key, asked) {
    const digest = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
    // The update changes nothing: it returns the row that is there, and waits for an attempt that is just writing it.
    const { rows } = await db.query<Remembered & { asked: string | null }>(
      `insert into provider_references as known (tenant, role, key, asked) values (${TENANT}, $1, $2, $3)
       on conflict (role, key) do update set key = known.key
       returning asked, ${STATE}`,
      [role, key, digest],
    );
    const [row] = rows;
    if (!row) return { state: 'closed' };
    if (!row.closed && row.asked !== digest)
      throw new ProviderFault('key-reused', `A key of ${role} was used for something else before`);
    return stateOf(row);
  },

  async settle(key, reference) {
    const { rows } = await db.query<Remembered>(
      `update provider_references
          set reference = coalesce(reference, $3)
        where role = $1
          and key = $2
       returning ${STATE}`,
      [role, key, reference],
    );
    return rows[0] ? stateOf(rows[0]) : { state: 'closed' };
  },

  async close(key) {
    const { rows } = await db.query<{ begun: boolean }>(
      `insert into provider_references as known (tenant, role, key, voided_at) values (${TENANT}, $1, $2, now())
       on conflict (role, key) do update set voided_at = coalesce(known.voided_at, now())
       returning asked is not null as begun`,
      [role, key],
    );
    return rows[0]?.begun === true;
  },

  async known(key) {
    const { rows } = await db.query<Remembered>(
      `select ${STATE} from provider_references where role = $1 and key = $2`,
      [role, key],
    );
    return rows[0] && stateOf(rows[0]);
  },
});
