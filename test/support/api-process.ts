import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { packageRoot } from '../../src/local/stack/package-root';

export interface ApiProcess {
  /** Where it listens. */
  readonly address: string;
  /** What it has logged so far. */
  readonly output: () => string;
  readonly kill: () => void;
}

/** The API as deployed, on a free port, listening when this returns. Needs `npm run build`. */
export async function startApiProcess(env: NodeJS.ProcessEnv): Promise<ApiProcess> {
  const child = spawn(process.execPath, [path.join(packageRoot(), 'dist/src/bin/api.js')], {
    env: { ...process.env, NODE_ENV: 'production', PORT: '0', SANDBOX_KEYS: 'on', REDIS_URL: 'off', ...env },
    // It ends with this process, because the channel closes.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const died = exited.then(([code]) => {
    throw new Error(`The API did not start (exit code ${code}):\n${output}`);
  });
  const [ready] = (await Promise.race([once(child, 'message'), died])) as [{ address: string }];
  died.catch(() => undefined);
  return {
    address: ready.address,
    output: () => output,
    kill: () => void child.kill('SIGKILL'),
  };
}
