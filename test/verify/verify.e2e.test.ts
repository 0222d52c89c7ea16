import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { packageRoot } from '../../src/stack/package-root';
import type { Verdict } from '../../src/verify/verdict';
import { aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { idIn, RunningStack } from '../support/running-stack';

interface Answer {
  readonly ok: boolean;
  readonly asOf: string | null;
  readonly code?: string;
  readonly promises: Readonly<Record<'P5' | 'P7', Verdict>>;
}

let stack: RunningStack;
beforeAll(() => void (stack = new RunningStack()));
afterAll(() => stack.db.close());

/** The command as anybody runs it: exit code, and what it said. */
function verify(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; answer: Answer }> {
  const program = path.join(packageRoot(), 'dist/src/cli/main.js');
  return new Promise((resolve, reject) => {
    const command = [program, 'verify', '--json', '--data-dir', stack.dataDir, ...args];
    execFile(process.execPath, command, { env: { ...process.env, ...env } }, (error, stdout) => {
      if (stdout === '') reject(new Error('It said nothing', { cause: error }));
      else resolve({ code: Number(error?.code ?? 0), answer: JSON.parse(stdout) as Answer });
    });
  });
}

test('after orders that went well and ill, money and events are as promised', async () => {
  const requests = [aRequest(), aRequest({ payment: { token: 'tok_declined' } })];
  const ids = (await Promise.all(requests.map((request) => stack.place(request)))).map(idIn);
  for (const id of ids) await stack.ended(id);
  await eventually(
    async () => (await stack.journal('payments', ids[0])).some(({ outcome }) => outcome === 'captured') || undefined,
  );

  const { code, answer } = await verify();

  expect(answer).toMatchObject({ ok: true, promises: { P5: { violations: 0 }, P7: { violations: 0, unchecked: [] } } });
  expect(code).toBe(0);
  expect(Date.now() - Date.parse(answer.asOf ?? '')).toBeLessThan(60_000);
  expect(Object.keys(answer.promises.P7.details)).toEqual(expect.arrayContaining(['redis', 'settlement']));
  expect(answer.promises.P5.details['USD']?.['captured']).toBeGreaterThan(0);
});

test('an event in the stream that nobody committed is found, and the exit code says so', async () => {
  await stack.ended(idIn(await stack.place()));
  const redis = new Redis(stack.file.redis ?? '');
  // A copy, because others look at the stream as well.
  const REDIS_STREAM = 'planted-events';
  await redis.copy('checkout-events', REDIS_STREAM, 'REPLACE');
  await redis.xadd(REDIS_STREAM, '*', 'event', JSON.stringify({ id: 'made up', subject: 'chk_0', sequence: '1' }));
  redis.disconnect();

  const { code, answer } = await verify(['--only', 'P7'], { REDIS_STREAM });

  expect(code).toBe(1);
  expect(answer.ok).toBe(false);
  expect(answer.promises.P7.details['redis']?.['uncommitted']).toBe(1);
});

test('without a stack it says so, and claims nothing', async () => {
  const { code, answer } = await verify(['--data-dir', '/nowhere']);

  expect(code).toBe(1);
  expect(answer).toMatchObject({ ok: false, asOf: null, code: 'stack-not-found', promises: {} });
});
