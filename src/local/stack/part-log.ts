import { fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LOG_BYTES, rotateLog, sizeOf } from '../../runtime/rotate-log';

const TAIL_LINES = 15;

export interface PartLog {
  readonly file: string;
  readonly descriptor: number;
  /** The last lines written by this run. */
  tail(): string;
  /** Rotates the file if it has grown too large. */
  readonly keepSmall: () => void;
}

export function openLog(file: string): PartLog {
  mkdirSync(path.dirname(file), { recursive: true });
  const keepSmall = () => {
    if (sizeOf(file) > LOG_BYTES) rotateLog(file);
  };
  keepSmall();
  const descriptor = openSync(file, 'a');
  const from = fstatSync(descriptor).size;
  return {
    file,
    descriptor,
    keepSmall,
    tail: () => {
      const text = readFileSync(file);
      // It was rotated in the meantime: then all of it is from this run.
      const own = text.length < from ? text : text.subarray(from);
      return own.toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    },
  };
}
