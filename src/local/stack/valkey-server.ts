import { mkdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import type { Child, Launch } from './child';
import { until, waitUntilReady } from './wait-until-ready';

const GRACE_MS = 5_000;
const ASK_WITHIN_MS = 2_000;

export interface ValkeyOptions {
  readonly launch: Launch;
  readonly program: string;
  readonly dataDir: string;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly signal?: AbortSignal;
}

export interface Valkey {
  readonly child: Child;
  readonly url: string;
}

/** Valkey, or Redis, with an append-only file. */
export async function startValkey({
  launch,
  program,
  dataDir,
  port,
  env,
  logFile,
  signal,
}: ValkeyOptions): Promise<Valkey> {
  await mkdir(dataDir, { recursive: true });
  const child = launch({
    name: 'redis',
    command: program,
    args: [
      '--bind',
      '127.0.0.1',
      '--port',
      String(port),
      '--dir',
      '.',
      '--appendonly',
      'yes',
      '--save',
      '',
      '--daemonize',
      'no',
    ],
    // The data directory is the working directory, because Valkey's parser would split a path at a space.
    cwd: dataDir,
    env,
    logFile,
    graceMs: GRACE_MS,
  });
  await waitUntilReady(
    child,
    until(() => isReady(port, child.pid)),
    signal,
  );
  return { child, url: `redis://127.0.0.1:${port}` };
}

/**
 * Also false while it loads its file, when it does not answer with PONG, and if another server took the port a moment
 * before ours.
 */
function isReady(port: number, pid: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection({ host: '127.0.0.1', port, timeout: ASK_WITHIN_MS });
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (answer += text));
    socket.on('timeout', () => socket.destroy());
    socket.on('error', reject);
    socket.on('close', () => resolve(answer.startsWith('+PONG') && answer.includes(`process_id:${pid}\r\n`)));
    socket.end('PING\r\nINFO server\r\nQUIT\r\n');
  });
}
