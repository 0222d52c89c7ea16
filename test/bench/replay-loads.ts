import { fork } from 'node:child_process';
import type { ChildProcess, ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Redis } from 'ioredis';
import type { StackFile } from '../../src/local/stack/stack-file';
import { aKey, aRequest } from '../support/builders';
import type { Load } from './measure';

const STORED_AS = 'bench:replay';

const FORKED: ForkOptions = {
  execArgv: ['--import', 'tsx'],
  env: { ...process.env, NODE_ENV: 'production' },
  // Standard output is reserved for the report.
  stdio: ['ignore', 2, 2, 'ipc'],
};

interface Ask {
  readonly method?: 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface ReplayLoads {
  readonly loads: readonly Load[];
  stop(): void;
}

/**
 * A repeated request to our API, a bare route that does one Redis GET and, if asked for, one that keeps its answers with
 * `@node-idempotency/core`. All answer with the same number of bytes.
 */
export async function startReplayLoads(
  { api, redis: redisUrl, pids }: StackFile,
  { nodeIdempotency }: { nodeIdempotency: boolean },
): Promise<ReplayLoads> {
  const headers = {
    authorization: 'Bearer sk_sandbox_acme',
    'content-type': 'application/json',
    'idempotency-key': aKey(),
  };
  const body = JSON.stringify(aRequest());
  const first = await fetch(`${api}/v1/checkouts`, { method: 'POST', headers, body });
  const redis = new Redis(redisUrl ?? '');
  await redis.set(STORED_AS, Buffer.from(await first.arrayBuffer()));
  redis.disconnect();

  const request = { method: 'POST', headers, body } as const;
  const loads: Load[] = [{ system: 'replay', pid: pids.api ?? 0, request: { url: `${api}/v1/checkouts`, ...request } }];
  const children: ChildProcess[] = [];
  const args = [redisUrl ?? '', STORED_AS];
  const serve = async (system: string, child: ChildProcess, ask: Ask) => {
    children.push(child);
    const [{ address }] = (await once(child, 'message')) as [{ address: string }];
    // The first request is not a repetition.
    await fetch(address, ask);
    loads.push({ system, pid: child.pid ?? 0, request: { url: address, ...ask } });
  };
  await serve('redisGet', fork(path.join(__dirname, 'redis-get-server.ts'), args, FORKED), {});
  if (nodeIdempotency) {
    await serve(
      'nodeIdempotency',
      fork(path.join(__dirname, 'checkout/node-idempotency-server.ts'), args, FORKED),
      request,
    );
  }
  return { loads, stop: () => children.forEach((child) => child.kill()) };
}
