import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { removeDetachedHome } from '../../src/local/stack/detached-home';
import { packageRoot } from '../../src/local/stack/package-root';
import type { StackFile } from '../../src/local/stack/stack-file';
import { deadMansSwitch } from './dead-mans-switch';

export interface TestStack {
  readonly dataDir: string;
  readonly stack: StackFile;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly output: () => string;
  /** Sends Ctrl-C; resolves with the exit code. */
  readonly interrupt: () => Promise<number | null>;
  /** Stops it and removes its data; throws if it does not stop properly. */
  readonly stop: () => Promise<void>;
}

/** Runs what `npm start` runs, on free ports; resolves when it is ready. Needs `npm run build`. */
export async function startTestStack(
  dataDir = aDataDir(),
  env: NodeJS.ProcessEnv = {},
  args: readonly string[] = [],
  detached = false,
): Promise<TestStack> {
  const child = runStart(dataDir, env, args, detached);
  const orphans = detached ? deadMansSwitch(dataDir) : undefined;
  orphans?.watch(child.pid ?? 0);
  let output = '';
  let machineReadable = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const stack = await new Promise<StackFile>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      machineReadable += text;
      if (machineReadable.includes('\n')) resolve(JSON.parse(machineReadable) as StackFile);
    });
    child.once('exit', (code) => reject(new Error(`The stack did not start (exit code ${code}):\n${output}`)));
  });

  const interrupt = async () => {
    child.kill('SIGTERM');
    return (await exited)[0];
  };
  return {
    dataDir,
    stack,
    child,
    output: () => output,
    interrupt,
    stop: async () => {
      const code = await interrupt();
      if (code !== 0) throw new Error(`The stack stopped with exit code ${code}:\n${output}`);
      removeDataDir(dataDir);
      orphans?.disarm();
    },
  };
}

/** Starts it without waiting. Detached, it does not receive the terminal's Ctrl-C, which is then ours alone. */
export const runStart = (
  dataDir: string,
  env: NodeJS.ProcessEnv = {},
  args: readonly string[] = [],
  detached = false,
): ChildProcess =>
  spawn(process.execPath, [path.join(packageRoot(), 'dist/src/bin/start.js'), '--json', ...args], {
    // Whatever the developer's environment and .env say, this stack is embedded, and separate from a running one.
    env: {
      ...process.env,
      DATABASE_URL: '',
      TEMPORAL_ADDRESS: '',
      REDIS_URL: '',
      HOST: '127.0.0.1',
      PORT: '0',
      ...env,
      DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });

/** A new data directory, with a space in its path. */
export function aDataDir(): string {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'durable checkout '));
  // When we are root, Postgres runs as another user, who must be able to enter.
  chmodSync(dataDir, 0o711);
  return dataDir;
}

export function removeDataDir(dataDir: string): void {
  removeDetachedHome(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
}
