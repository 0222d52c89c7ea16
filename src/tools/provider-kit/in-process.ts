import { EMBEDDED } from '../../providers/adapters';
import type { Entry } from '../../providers/entry';
import { openPorts } from '../../providers/open-ports';
import { readProvidersFile } from '../../providers/read-file';
import { ANY_TENANT, Registry, unwrittenEntries } from '../../providers/registry';
import { sandboxIn } from '../../providers/sandbox-in';
import { environment, readConfig } from '../../runtime/config';
import type { Config } from '../../runtime/config';
import { bench } from './bench';
import type { OpenProvider } from './bench';
import type { KitRole } from './calls-of';
import type { Given } from './given';
import { lentDatabase } from './lent-database';
import { nothingToTry } from './nothing-to-try';

export interface InFile {
  readonly file: string;
  readonly tenant?: string | undefined;
}

const EMBEDDED_SAYS = 'it writes in the transaction of its step, whose ledger keeps the keys';

/** The adapter that serves the tenant's orders, in this process. */
export async function openInProcess<R extends KitRole>(
  role: R,
  { file, tenant = ANY_TENANT }: InFile,
  given: Given,
): Promise<OpenProvider<R>> {
  const config = readConfig();
  const { lent, ...database } = lentDatabase(config.DATABASE_URL);
  try {
    const entry = await entryIn(file, role, tenant, config);
    const ports = await openPorts([entry], { file, environment, lent });
    await database.check();
    return {
      bench: bench(role, ports.portOf(role, entry), { given }),
      ...(entry.adapter === EMBEDDED[role] ? { untried: EMBEDDED_SAYS } : {}),
      called: `${entry.adapter} (${entry.at})`,
      close: async () => {
        await ports.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw nothingToTry(error instanceof Error ? error.message : String(error), error);
  }
}

async function entryIn(file: string, role: KitRole, tenant: string, config: Config): Promise<Entry> {
  const entries = [...(await readProvidersFile(file)), ...unwrittenEntries(sandboxIn(config))];
  const entry = new Registry(entries).chosen(role, tenant);
  if (!entry) throw new Error(`Nothing in ${file} serves ${role}`);
  return entry;
}
