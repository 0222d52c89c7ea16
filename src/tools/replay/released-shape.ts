import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Marks the folder of a released workflow: its histories are kept for ever. */
const MANIFEST = 'RELEASED';

export const isReleased = (folder: string): boolean => existsSync(path.join(folder, MANIFEST));

/** Records the folder's files: from now on none may change. The format is that of `sha256sum`. */
export function release(folder: string): void {
  const lines = historiesIn(folder).map((file) => `${digest(path.join(folder, file))}  ${file}\n`);
  writeFileSync(path.join(folder, MANIFEST), lines.join(''));
}

export interface Change {
  readonly file: string;
  readonly what: string;
}

/** The files that are no longer as they were released. */
export function changesSinceRelease(folder: string): Change[] {
  const released = readManifest(folder);
  const there = new Set(historiesIn(folder));
  const changed = released.flatMap(([hash, file]) => {
    if (!there.has(file)) return [{ file, what: 'It was released, and is missing.' }];
    return digest(path.join(folder, file)) === hash ? [] : [{ file, what: 'It differs from what was released.' }];
  });
  const known = new Set(released.map(([, file]) => file));
  const added = [...there].filter((file) => !known.has(file));
  return [...changed, ...added.map((file) => ({ file, what: `It is not listed in the ${MANIFEST} file beside it.` }))];
}

export const historiesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort();

const readManifest = (folder: string): [hash: string, file: string][] =>
  readFileSync(path.join(folder, MANIFEST), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ')).trim()]);

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
