import { execFileSync } from 'node:child_process';
import { closeSync, chmodSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const MIB = 1_048_576;

/** A separate disk, small enough to fill. */
export interface SmallVolume {
  readonly directory: string;
  /** Fills it to the last byte. */
  fill(): void;
  /** Removes the filling. */
  free(): void;
  unmount(): void;
}

/** Mounts one at `directory`, which is created if missing. Root only, and not in every container. */
export function smallVolume(directory: string, megabytes: number): SmallVolume {
  mkdirSync(directory, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=711`, 'tmpfs', directory], { stdio: 'pipe' });
  const filler = path.join(directory, 'filler');
  return {
    directory,
    fill: () => {
      const file = openSync(filler, 'a');
      for (let bytes = MIB; bytes >= 1;) bytes = take(file, bytes) ? bytes : bytes / 2;
      closeSync(file);
    },
    free: () => rmSync(filler, { force: true }),
    // Files may still be open in it, but nobody can find it any more.
    unmount: () => void execFileSync('umount', ['--lazy', directory]),
  };
}

function take(file: number, bytes: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(bytes)) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    return false;
  }
}

/** What this machine lacks for it; undefined if nothing. */
export function noSmallVolumes(): string | undefined {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-volume-'));
  chmodSync(directory, 0o711);
  try {
    smallVolume(directory, 1).unmount();
    return undefined;
  } catch {
    return 'the right to mount a volume: root, and outside of most containers';
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
