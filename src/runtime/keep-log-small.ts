import { fstatSync, statSync } from 'node:fs';
import { LOG_BYTES, rotateLog, sizeOf } from './rotate-log';

/** If a log could not be rotated, the next attempt is after it has grown by this fraction. */
const TRY_AGAIN_AFTER = 0.1;

/**
 * For the process that writes the log `file` through `descriptor`. Call the result with the number of bytes after each line, so that it
 * rotates between two lines and loses none. A copy of ten megabytes takes ten milliseconds.
 */
export function keepLogSmall(descriptor: number, file: string, bytes = LOG_BYTES): (written: number) => void {
  let left = bytes - fstatSync(descriptor).size;
  return (written) => {
    left -= written;
    if (left > 0) return;
    if (isOpenAs(descriptor, file)) rotateLog(file);
    left = Math.max(bytes - sizeOf(file), bytes * TRY_AGAIN_AFTER);
  };
}

/** False if another file has taken its place. */
function isOpenAs(descriptor: number, file: string): boolean {
  const [open, there] = [fstatSync(descriptor), statSync(file, { throwIfNoEntry: false })];
  return there !== undefined && there.ino === open.ino && there.dev === open.dev;
}
