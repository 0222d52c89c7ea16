import { openDatabase } from '../postgres/database';
import { openPorts } from '../providers/open-ports';
import { readProvidersFile } from '../providers/read-file';
import { environment, readConfig } from '../runtime/config';

/**
 * `npm start` runs this before anything else: it opens every provider of `PROVIDERS_FILE` once, and closes it again. A process of its own,
 * because it runs the modules of a team, which must not run in the process that supervises all others.
 */
async function main(): Promise<void> {
  const { PROVIDERS_FILE: file, DATABASE_URL } = readConfig();
  // Nobody connects: adapters ask the database only when they are called.
  const db = openDatabase(DATABASE_URL, { connections: 1, onIdleError: () => undefined });
  const ports = await openPorts(await readProvidersFile(file), { file, environment, lent: { db } });
  await ports.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
