import { createApiKey } from '../tenants/create-api-key';
import type { Scope } from '../domain/api-keys';
import { openDatabase } from '../postgres/database';
import { readConfig, required } from '../runtime/config';

const WRONG_USAGE = 2;
const isScope = (text: string): text is Scope => text === 'merchant' || text === 'operator';

/** Prints a new API key, for your own database, which has no sandbox keys. */
async function main([tenant, scope = 'merchant', ...more]: readonly string[]): Promise<void> {
  if (tenant === undefined || !isScope(scope) || more.length > 0) {
    console.error("Usage: npm run api-key -- <tenant, or '*' for an operator of all> [merchant|operator]");
    process.exitCode = WRONG_USAGE;
    return;
  }
  const db = openDatabase(required(readConfig(), 'DATABASE_URL'), { connections: 1, onIdleError: () => undefined });
  try {
    console.log(await createApiKey(db, { tenant, scope }));
  } finally {
    await db.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
