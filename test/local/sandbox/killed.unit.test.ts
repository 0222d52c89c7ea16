import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { aDataDir } from '../../support/sandbox';

const SANDBOX = join(__dirname, '../../../src/bin/sandbox.ts');

async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const env = { ...process.env, DATA_DIR: dataDir, SANDBOX_PORT: '0', LOG_LEVEL: 'fatal' };
  const child = fork(SANDBOX, { execArgv: ['--import', 'tsx'], env });
  const [message] = (await once(child, 'message')) as [{ ready: boolean; port: number }];
  expect(message.ready).toBe(true);
  return { child, url: `http://127.0.0.1:${message.port}` };
}

async function stop(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  return (await exited)[0];
}

async function authorize(url: string, key: string): Promise<unknown> {
  const headers = { 'idempotency-key': key, 'content-type': 'application/json' };
  const body = JSON.stringify({ amount: 100, currency: 'USD', token: 'tok_visa' });
  return (await fetch(`${url}/provider/v1/payments/authorize`, { method: 'POST', headers, body })).json();
}

test('after kill -9, remembers every answer it gave; stops on SIGTERM', async () => {
  const dataDir = aDataDir();
  const keys = Array.from({ length: 50 }, (_, index) => `chk_${index}:payment-authorized`);
  const first = await start(dataDir);
  const given = await Promise.all(keys.map((key) => authorize(first.url, key)));
  await stop(first.child, 'SIGKILL');

  const second = await start(dataDir);
  const again = await Promise.all(keys.map((key) => authorize(second.url, key)));

  expect(again).toEqual(given);
  expect(await stop(second.child, 'SIGTERM')).toBe(0);
});
