import { openDatabase } from '../../postgres/database';
import { EMBEDDED } from '../../providers/adapters';
import { openPorts } from '../../providers/open-ports';
import { readProvidersFile } from '../../providers/read-file';
import { ANY_TENANT, Registry, unwrittenEntries } from '../../providers/registry';
import { sandboxIn } from '../../providers/sandbox-in';
import { environment, readConfig } from '../../runtime/config';
import { Problem } from '../terminal/problem';
import { bench } from './bench';
import type { OpenProvider } from './bench';
import type { KitRole } from './calls-of';
import type { Given } from './given';

export interface InFile {
  readonly file: string;
  readonly tenant?: string | undefined;
}

/** Adapters that keep something keep it in the database of `DATABASE_URL`. */
const CONNECTIONS = 5;

const EMBEDDED_SAYS = 'it writes in the transaction of its step, whose ledger keeps the keys';

/** The adapter that serves the tenant's orders, in this process. */
export async function openInProcess<R extends KitRole>(
  role: R,
  { file, tenant = ANY_TENANT }: InFile,
  given: Given,
): Promise<OpenProvider<R>> {
  const config = readConfig();
  const entries = [...(await readProvidersFile(file)), ...unwrittenEntries(sandboxIn(config))];
  const entry = new Registry(entries).chosen(role, tenant);
  if (!entry) throw unusable(`nothing in ${file} serves ${role}`);

  const db = openDatabase(config.DATABASE_URL, { connections: CONNECTIONS, onIdleError: () => undefined });
  const ports = await openPorts([entry], { file, environment, lent: { db } }).catch(async (error: unknown) => {
    await db.close();
    throw unusable(error instanceof Error ? error.message : String(error), error);
  });
  return {
    bench: bench(role, ports.portOf(role, entry), { given }),
    ...(entry.adapter === EMBEDDED[role] ? { untried: EMBEDDED_SAYS } : {}),
    called: `${entry.adapter} (${entry.at})`,
    close: async () => {
      await ports.close();
      await db.close();
    },
  };
}

const unusable = (detail: string, cause?: unknown) =>
  new Problem({ code: 'nothing-to-try', title: 'There is no adapter to try', detail }, { cause });
