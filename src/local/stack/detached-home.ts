import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { chown, rmdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { PostgresUser } from './postgres-user';
import { writeFileAtomically } from './write-file-atomically';

const PREFIX = 'durable-checkout-postgres-';
/** Names the data directory that the home belongs to. */
const OWNER_FILE = 'data-dir';

/** Every user may enter it and, unlike /tmp, it survives a reboot. */
const parent = () => realpathSync(existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir());
const linkIn = (dataDir: string) => path.join(dataDir, 'postgres');

/** Creates a home outside the data directory, with a link to it inside. */
export async function detachedHome(dataDir: string, user: PostgresUser): Promise<string> {
  const home = mkdtempSync(path.join(parent(), PREFIX));
  writeFileAtomically(path.join(home, OWNER_FILE), realpathSync(dataDir));
  await chown(home, user.uid, user.gid);
  // `rmdir` removes only an empty directory, so that no data is ever replaced.
  await rmdir(linkIn(dataDir));
  symlinkSync(home, linkIn(dataDir));
  return home;
}

/** The home that the link points to, if there is one. */
export function linkedHome(dataDir: string): string | undefined {
  const link = linkIn(dataDir);
  if (!lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) return undefined;
  if (!existsSync(link)) {
    // The home was deleted by something else. The link must go too, or nothing could replace it.
    rmSync(link);
    return undefined;
  }
  const home = realpathSync(link);
  const owner = ownerOf(home);
  if (owner !== undefined && owner !== realpathSync(dataDir) && isHomeOf(home, owner)) {
    throw new Error(`${link} is a copy of a link that belongs to ${owner}: remove it, or use that directory`);
  }
  // A data directory that was moved keeps its database.
  if (owner !== undefined) writeFileAtomically(path.join(home, OWNER_FILE), realpathSync(dataDir));
  return home;
}

/** Removes the home outside, if it was created for this data directory. */
export function removeDetachedHome(dataDir: string): void {
  const link = linkIn(dataDir);
  if (!lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const home = path.resolve(dataDir, readlinkSync(link));
  const isOurs = path.dirname(home) === parent() && path.basename(home).startsWith(PREFIX);
  if (isOurs && existsSync(home) && ownerOf(home) === realpathSync(dataDir))
    rmSync(home, { recursive: true, force: true });
}

function ownerOf(home: string): string | undefined {
  const file = path.join(home, OWNER_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

const isHomeOf = (home: string, dataDir: string): boolean =>
  existsSync(linkIn(dataDir)) && realpathSync(linkIn(dataDir)) === home;
