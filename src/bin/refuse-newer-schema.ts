import type { Database } from '../postgres/database';
import { schemaOf } from '../postgres/schema';
import type { Logger } from '../runtime/logger';

/**
 * Ends the process if a newer version has migrated the database: this version may break what that one relies on. While Postgres is away, the
 * process starts anyway, as it does without any other store.
 */
export async function refuseNewerSchema(db: Database, logger: Logger): Promise<void> {
  const schema = await schemaOf(db).catch(() => undefined);
  if (schema?.state !== 'newer') return;
  logger.fatal(schema.sentence);
  process.exit(1);
}
