import path from 'node:path';
import type { Child, Launch } from './child';
import { packageRoot } from './package-root';
import type { PartName } from './part-names';
import { waitUntilReady } from './wait-until-ready';

/** A little longer than our own processes give themselves (`closeOnExit`). */
const GRACE_MS = 20_000;

export interface NodePartOptions {
  readonly launch: Launch;
  readonly name: PartName;
  /** Its file in `src/bin`, if that is not named like the part. */
  readonly program?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly signal?: AbortSignal;
}

/** One of our own processes, from the compiled `src/bin`; ready when it says so. */
export async function startNodePart(options: NodePartOptions): Promise<Child> {
  const { launch, name, program = name, env, logFile, signal } = options;
  const child = launch({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', path.join(packageRoot(), 'dist/src/bin', `${program}.js`)],
    // The process rotates its own log: only the writer can do that between two lines.
    env: { ...env, NODE_ENV: 'production', LOG_FILE: path.resolve(logFile) },
    logFile,
    ipc: true,
    graceMs: GRACE_MS,
  });
  await waitUntilReady(child, () => child.announced, signal);
  return child;
}
