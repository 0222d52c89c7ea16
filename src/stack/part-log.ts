import { fstatSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

/** A log that a start finds bigger than this becomes `<part>.log.old`, so that a stack used for months fills no disk. */
const ROTATE_AT_BYTES = 20_000_000;
const TAIL_LINES = 15;

export interface PartLog {
  readonly file: string;
  readonly descriptor: number;
  /** The last lines that this run wrote. */
  tail(): string;
}

export function openLog(file: string): PartLog {
  mkdirSync(path.dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > ROTATE_AT_BYTES) renameSync(file, `${file}.old`);
  const descriptor = openSync(file, 'a');
  const from = fstatSync(descriptor).size;
  return {
    file,
    descriptor,
    tail: () => readFileSync(file).subarray(from).toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n'),
  };
}
