import type { Queryable } from '../../src/postgres/database';

/** Makes checkouts whose keys begin like this, and their claims, `ms` older, since the database's clock decides about them. */
export async function letTimePass(db: Queryable, ms: number, keys = ''): Promise<void> {
  const earlier = (column: string) => `${column} = ${column} - $1 * interval '1 ms'`;
  const shift = (table: string, key: string, columns: readonly string[]) =>
    db.query(`update ${table} set ${columns.map(earlier).join(', ')} where starts_with(${key}, $2)`, [ms, keys]);
  await shift('checkouts', 'idempotency_key', ['accepted_at', 'started_at', 'unwinding_at', 'ended_at']);
  await shift('idempotency_claims', 'key', ['accepted_at', 'forgotten_at']);
}
