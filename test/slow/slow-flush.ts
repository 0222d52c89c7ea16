import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Compiles the shim. Programs that are started with its environment take `ms` longer for each flush. Needs Linux and gcc. */
export function slowFlush(ms: number): { readonly env: NodeJS.ProcessEnv; remove(): void } {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-slow-'));
  // If we are root, Postgres runs as another user.
  chmodSync(dir, 0o755);
  const library = path.join(dir, 'slow-flush.so');
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, path.join(__dirname, 'slow-flush.c'), '-ldl']);
  return {
    env: { LD_PRELOAD: library, SLOW_FLUSH_MS: String(ms) },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
