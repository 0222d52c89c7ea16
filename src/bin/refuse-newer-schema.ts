import type { Database } from '../postgres/database';
import { schemaOf } from '../postgres/schema';
import type { Logger } from '../runtime/logger';

/**
 * Ends the process on a database that a newer version has migrated: what that one relies on, this one may break. While Postgres is away
 * nothing is known, and the process starts, as it does without any other part.
 */
export async function refuseNewerSchema(db: Database, logger: Logger): Promise<void> {
  const schema = await schemaOf(db).catch(() => undefined);
  if (schema?.state !== 'newer') return;
  logger.fatal(schema.sentence);
  process.exit(1);
}
