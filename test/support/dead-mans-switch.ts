import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Reads until the process that started it is gone, for whatever reason; then ends the listed processes and removes the directory. */
const SCRIPT = `
  cat >/dev/null
  [ -s "$1/pids" ] || exit 0
  for pid in $(cat "$1/pids"); do kill -INT "$pid" 2>/dev/null; done
  sleep 5
  for pid in $(cat "$1/pids"); do kill -KILL "-$pid" 2>/dev/null; done
  rm -rf "$1"
`;

/**
 * Jest runs no teardown when it is interrupted or killed, and servers that outlive their test run would pile up. `dataDir` is removed with
 * them.
 */
export function deadMansSwitch(dataDir: string): {
  watch(pid: number): void;
  /** The process has ended: its pid may soon be another's. */
  forget(pid: number): void;
  disarm(): void;
} {
  const file = path.join(dataDir, 'pids');
  const pids = new Set<number>();
  const write = () => writeFileSync(file, [...pids].map((pid) => `${pid}\n`).join(''));
  write();
  const watcher = spawn('/bin/sh', ['-c', SCRIPT, 'dead-mans-switch', dataDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  return {
    watch: (pid) => {
      pids.add(pid);
      write();
    },
    forget: (pid) => {
      pids.delete(pid);
      write();
    },
    // Without the directory it finds no pids, and exits.
    disarm: () => watcher.stdin.destroy(),
  };
}
