import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { packageRoot } from '../../src/local/stack/package-root';
import type { StackFile } from '../../src/local/stack/stack-file';

export interface WorkerProcess {
  readonly pid: number;
  /** The address of a process that listens. */
  readonly address: string | undefined;
  /** Sends SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
}

/** A worker, or a service that is API and worker, next to those of a stack; ready when this returns. It is not restarted. */
export async function startWorker(
  stack: StackFile,
  env: NodeJS.ProcessEnv,
  program: 'worker' | 'service' = 'worker',
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [path.join(packageRoot(), 'dist/src/bin', `${program}.js`)], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: stack.postgres,
      TEMPORAL_ADDRESS: stack.temporal,
      SANDBOX_URL: stack.sandbox,
      SANDBOX_SECRET: stack.sandboxSecret,
      ...env,
    },
    // It ends with this process, because the channel closes.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (output += text.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const died = exited.then(([code]) => {
    throw new Error(`The ${program} did not start (exit code ${code}):\n${output}`);
  });
  const [ready] = (await Promise.race([once(child, 'message'), died])) as [{ address?: string }];
  died.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    address: ready.address,
    stop: async () => {
      child.kill('SIGTERM');
      return (await exited)[0];
    },
  };
}
