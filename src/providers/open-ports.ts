import path from 'node:path';
import { Type } from '@sinclair/typebox';
import type { TObject } from '@sinclair/typebox';
import type { Connection, Lent } from '../adapters/adapter';
import type { Role } from '../ports/providers';
import { ADAPTERS } from './adapters';
import { checked } from './checked';
import type { Entry } from './entry';
import { openModule } from './load-module';
import { ProvidersFileError } from './mistakes';
import { ENTRY, IS_MODULE } from './read-file';
import { resolved } from './secrets';

export interface Opening {
  /** The path of `PROVIDERS_FILE`; empty if there is none. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly lent: Lent;
}

export interface OpenPorts {
  /** Of an entry that was opened. */
  portOf<R extends Role>(role: R, entry: Entry): Connection<R>;
  close(): Promise<void>;
}

/** Opens every entry, the retired ones too. Throws the mistakes of all of them at once. */
export async function openPorts(entries: readonly Entry[], opening: Opening): Promise<OpenPorts> {
  const mistakes: string[] = [];
  const opened = new Map<Entry, Connection<Role>>();
  for (const entry of entries) {
    const port = await openPort(entry, opening, mistakes);
    if (port) opened.set(entry, port);
  }
  const close = async () => {
    await Promise.allSettled([...opened.values()].map(async (port) => port.close?.()));
  };
  if (mistakes.length > 0) {
    await close();
    throw new ProvidersFileError(opening.file, mistakes);
  }
  return { portOf: (_role, entry) => opened.get(entry) as never, close };
}

/** What an entry with this adapter may have: for an unknown setting, all are named. */
const entryFor = ({ properties }: TObject): TObject =>
  Type.Object({ ...properties, ...Type.Partial(ENTRY).properties }, { additionalProperties: false });

async function openPort(
  { role, at, adapter: name, account, settings: written }: Entry,
  { file, environment, lent }: Opening,
  mistakes: string[],
): Promise<Connection<Role> | undefined> {
  const folder = path.dirname(path.resolve(file));
  const before = mistakes.length;
  const settings = (await resolved(written, at, { folder, environment }, mistakes)) as object;
  if (mistakes.length > before) return undefined;
  try {
    const own = account === undefined ? settings : { ...settings, account };
    if (IS_MODULE.test(name)) {
      return await openModule({ role, module: name.replace(IS_MODULE, ''), settings: own }, folder);
    }
    const adapter = ADAPTERS[role][name];
    if (!adapter || !checked(entryFor(adapter.settings), own, at, mistakes)) return undefined;
    return await adapter.create(own, lent);
  } catch (error) {
    mistakes.push(`${at}: ${(error as Error).message}`);
    return undefined;
  }
}
