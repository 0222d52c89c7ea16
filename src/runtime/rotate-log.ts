import {
  closeSync,
  copyFileSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';

/** A log that is larger than this is moved on into `<log>.1`, and what is there into `<log>.2`. */
export const LOG_BYTES = 10_000_000;

export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Moves on what is in a log that others have open to append, and empties it. They do not notice; what they write meanwhile is moved on, too.
 * Where it cannot be done, on a full disk most likely, the log stays as it is: a line is rather there twice than not at all. Never throws.
 */
export function rotateLog(file: string): void {
  const draft = `${file}.new`;
  try {
    copyFileSync(file, draft);
    if (sizeOf(`${file}.1`) > 0) renameSync(`${file}.1`, `${file}.2`);
    renameSync(draft, `${file}.1`);
    copyRest(file, `${file}.1`);
    truncateSync(file);
  } catch {
    // There is nowhere to say it, and the next attempt will come.
    rmSync(draft, { force: true });
  }
}

function copyRest(from: string, to: string): void {
  const [source, target] = [openSync(from, 'r'), openSync(to, 'a')];
  try {
    for (let copied = sizeOf(to); sizeOf(from) > copied;) {
      const rest = Buffer.alloc(sizeOf(from) - copied);
      copied += writeSync(target, rest, 0, readSync(source, rest, 0, rest.length, copied));
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
}
