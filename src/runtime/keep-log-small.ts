import { fstatSync, statSync } from 'node:fs';
import { LOG_BYTES, rotateLog, sizeOf } from './rotate-log';

/** Where there was no room to move a log on, it is tried again once it has grown by so much. */
const TRY_AGAIN_AFTER = 0.1;

/**
 * For the process whose log `file` is, by `descriptor`: to be told how much was written, and between two lines, so that none gets lost. A
 * copy of ten megabytes takes it ten milliseconds.
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

/** False where somebody has put another file in its place. */
function isOpenAs(descriptor: number, file: string): boolean {
  const [open, there] = [fstatSync(descriptor), statSync(file, { throwIfNoEntry: false })];
  return there !== undefined && there.ino === open.ino && there.dev === open.dev;
}
