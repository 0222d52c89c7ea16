import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** How often we wait for a slow reader to catch up. Once it has failed to, we do not wait for it any more. */
const PATIENCE = 10;
const PATIENCE_MS = 10;

/** Per descriptor, because all loggers of a process share them. */
const losing = new Set<number>();

/** Whether the last line for this descriptor could not be written. */
export const losesLines = (descriptor: number): boolean => losing.has(descriptor);

/**
 * Writes lines synchronously and never throws: a full disk, or a reader that has gone, must not stop an order. Lines that cannot be written
 * are dropped; once one gets through again, `onRecovered` gets their number. `onWritten` gets the bytes of each line.
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
        // There is nowhere to report it now: `onRecovered` will.
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
