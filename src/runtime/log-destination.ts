import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** A reader that is behind may catch up while we wait this often. Afterwards nobody waits for it any more. */
const PATIENCE = 10;
const PATIENCE_MS = 10;

/** A descriptor is the whole process'. */
const losing = new Set<number>();

/** Whether the last line for this descriptor could not be written. */
export const losesLines = (descriptor: number): boolean => losing.has(descriptor);

/**
 * Writes lines at once, and never throws: a disk that is full, or a reader that has gone, must not stop an order. What cannot be written is
 * left out, and `onRecovered` is told how many lines that were once one gets through again. `onWritten` hears of each line's bytes.
 */
export function logDestination(
  descriptor: number,
  onRecovered: (lost: number) => void,
  onWritten: (bytes: number) => void = () => undefined,
): DestinationStream {
  let lost = 0;
  let torn = false;
  const put = (text: string): void => {
    let rest = Buffer.from(torn ? `\n${text}` : text);
    for (let waits = 0; rest.length > 0;) {
      try {
        rest = rest.subarray(writeSync(descriptor, rest));
        torn = rest.length > 0;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || lost > 0 || waits === PATIENCE) throw error;
        waits += 1;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, PATIENCE_MS);
      }
    }
  };
  return {
    write: (line) => {
      try {
        put(line);
        onWritten(Buffer.byteLength(line));
      } catch {
        // There is nowhere to say it: `onRecovered` will.
        lost += 1;
        losing.add(descriptor);
        return;
      }
      losing.delete(descriptor);
      const missed = lost;
      lost = 0;
      if (missed > 0) onRecovered(missed);
    },
  };
}
