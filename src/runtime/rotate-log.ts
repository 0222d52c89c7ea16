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

/** A log larger than this is moved to `<log>.1`, and that to `<log>.2`. */
export const LOG_BYTES = 10_000_000;

export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Moves the content of a log that others have open for appending, and empties it. They do not notice; what they write meanwhile is moved
 * too. If it cannot be done, most likely on a full disk, the log is left unchanged: better a line twice than not at all. Never throws.
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
    // There is nowhere to report it, and there will be another attempt.
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
