import { Client } from 'pg';
import { eventually } from './eventually';
import type { RunningStack } from './running-stack';

/** Blocks writers to a table; says when one waits, and releases them. */
export async function holdAtTable(stack: RunningStack, table: string) {
  const locker = new Client({ connectionString: stack.file.postgres });
  await locker.connect();
  await locker.query(`begin`);
  await locker.query(`lock table ${table} in access exclusive mode`);
  return {
    reached: () =>
      eventually(async () => {
        const { rowCount } = await stack.db.query(
          `select from pg_locks where relation = $1::regclass and not granted`,
          [table],
        );
        return rowCount === 0 ? undefined : true;
      }),
    letGo: () => locker.end(),
  };
}
