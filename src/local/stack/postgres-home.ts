import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { detachedHome, linkedHome } from './detached-home';
import { bundledPostgres, copyPostgres, linkLibraries } from './postgres-binaries';
import { postgresUser } from './postgres-user';
import type { PostgresUser } from './postgres-user';

const run = promisify(execFile);
const OWNER_ONLY = 0o700;

/** Where a Postgres lives. */
export interface PostgresHome {
  readonly programs: string;
  /** Holds data and password, both created on first use. */
  readonly directory: string;
  readonly user: PostgresUser | undefined;
}

/**
 * Finds binaries and a directory that Postgres can use. It must not run as root, and the user it runs as instead may be
 * unable to enter the directories above ours (root's home has mode 700). What that user cannot reach is moved to where it
 * can, with a link in the data directory, so that removing the data directory also forgets the database.
 */
export async function preparePostgresHome(dataDir: string, native = bundledPostgres()): Promise<PostgresHome> {
  const user = await postgresUser();
  const directory = await usableDirectory(dataDir, user);
  await linkLibraries(native).catch(() => undefined); // The package may be read-only: then Postgres works without the links, or says why not.
  const isReachable = user === undefined || (await runs(native, user));
  return {
    programs: path.join(isReachable ? native : await copyPostgres(native, directory, user), 'bin'),
    directory,
    user,
  };
}

async function usableDirectory(dataDir: string, user: PostgresUser | undefined): Promise<string> {
  const inside = path.join(dataDir, 'postgres');
  if (!user) {
    await mkdir(inside, { recursive: true, mode: OWNER_ONLY });
    return inside;
  }

  const linked = linkedHome(dataDir);
  if (linked !== undefined) return linked;
  await mkdir(inside, { recursive: true, mode: OWNER_ONLY });
  await chown(inside, user.uid, user.gid);
  if (await reaches(inside, user)) return inside;

  if (existsSync(path.join(inside, 'data'))) {
    // A new home would have an empty database, and all orders would seem lost.
    throw new Error(`The user postgres can no longer enter ${inside}: grant it access, or start over with --fresh`);
  }
  return detachedHome(dataDir, user);
}

// Only trying it accounts for modes, ACLs and mounts alike.
const reaches = (directory: string, user: PostgresUser): Promise<boolean> =>
  succeeds(run('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', directory], { ...user, cwd: '/' }));

const runs = (native: string, user: PostgresUser): Promise<boolean> =>
  succeeds(run(path.join(native, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' }));

const succeeds = (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  );
