import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { packageRoot } from '../../src/local/stack/package-root';

export interface RelayProcess {
  /** What it has logged so far. */
  readonly output: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Sends SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
  /** For the end of a failed test: a paused process does not notice that its parent is gone. */
  readonly kill: () => void;
}

/** The relay as deployed, relaying when this returns. Needs `npm run build`. */
export async function startRelayProcess(env: NodeJS.ProcessEnv): Promise<RelayProcess> {
  const child = spawn(process.execPath, [path.join(packageRoot(), 'dist/src/bin/relay.js')], {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    // It ends with this process, because the channel closes.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (output += text.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const died = exited.then(([code]) => {
    throw new Error(`The relay did not start (exit code ${code}):\n${output}`);
  });
  await Promise.race([once(child, 'message'), died]);
  died.catch(() => undefined);
  return {
    output: () => output,
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM');
      return (await exited)[0];
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
