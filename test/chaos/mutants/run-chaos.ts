import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Report } from '../chaos';

export interface ChaosRun {
  readonly orders: number;
  readonly seed: number;
  /** Further ones. */
  readonly options: readonly string[];
}

/** Runs the chaos in a copy of the tree, on what was built there. If interrupted, it ends as with Ctrl-C: it still reports and cleans up. */
export async function runChaosIn(
  tree: string,
  { orders, seed, options }: ChaosRun,
  signal: AbortSignal,
): Promise<Report> {
  const run = ['--json', '--forget', '--orders', String(orders), '--seed', String(seed), ...options];
  const args = ['--import', 'tsx', 'test/chaos/main.ts', ...run];
  // Not in our process group, or a Ctrl-C would reach it twice.
  const child = spawn(process.execPath, args, { cwd: tree, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt);
  try {
    const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    if (output === '') throw new Error(`The chaos did not report:\n${complaint}`);
    return JSON.parse(output) as Report;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
