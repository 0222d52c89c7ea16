import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connection } from '../adapters/adapter';
import type { Role } from '../ports/providers';
import { requiredVerbs } from './verbs';

/** What a team's own module is called with, and for what. */
export interface ModuleAdapter<R extends Role> {
  readonly role: R;
  /** A path from the folder of `PROVIDERS_FILE`. */
  readonly module: string;
  readonly settings: object;
}

/**
 * Opens an adapter of the team's own: an ES module whose `create(settings)` returns the port. It is code that runs in this process, so it
 * comes only from the folder of `PROVIDERS_FILE`: whoever can write there can change the file too.
 */
export async function openModule<R extends Role>(
  { role, module, settings }: ModuleAdapter<R>,
  folder: string,
): Promise<Connection<R>> {
  const { create } = await loaded(module, await inside(folder, module));
  if (typeof create !== 'function') throw new Error(`${module} exports no function named create`);
  const port: unknown = await (create as (settings: object) => unknown)(settings);
  const lacking = requiredVerbs(role).filter(
    (verb) => typeof (port as Record<string, unknown> | null)?.[verb] !== 'function',
  );
  if (lacking.length > 0) throw new Error(`the port that ${module} creates lacks ${lacking.join(', ')}`);
  return port as Connection<R>;
}

/** A module that cannot even be parsed does not say which one it is. */
const loaded = (module: string, file: string): Promise<Record<string, unknown>> =>
  import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new Error(`${module} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }) as Promise<Record<string, unknown>>;

/** Links are followed first: one may lead out of the folder. */
async function inside(folder: string, module: string): Promise<string> {
  const home = await realpath(folder);
  const file = await realpath(path.resolve(home, module)).catch(() => undefined);
  if (file === undefined) throw new Error(`there is no ${module} in the folder of PROVIDERS_FILE`);
  if (!file.startsWith(home + path.sep)) throw new Error(`${module} is outside of the folder of PROVIDERS_FILE`);
  return file;
}
