import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { aRequest } from '../../support/builders';
import { eventually } from '../../support/eventually';
import { idIn, RunningStack } from '../../support/running-stack';
import { verify } from './verify-command';

let stack: RunningStack;
beforeAll(() => void (stack = new RunningStack()));
afterAll(() => stack.db.close());

test('money and events are as promised after good and refused orders', async () => {
  const requests = [aRequest(), aRequest({ payment: { token: 'tok_declined' } })];
  const ids = (await Promise.all(requests.map((request) => stack.place(request)))).map(idIn);
  for (const id of ids) await stack.ended(id);
  await eventually(
    async () => (await stack.journal('payments', ids[0])).some(({ outcome }) => outcome === 'captured') || undefined,
  );

  const [before] = (await stack.db.query<{ now: Date }>(`select now()`)).rows;
  const { code, answer } = await verify(stack.dataDir, ['--only', 'P5,P7']);

  expect(answer).toMatchObject({ ok: true, promises: { P5: { violations: 0 }, P7: { violations: 0, unchecked: [] } } });
  expect(code).toBe(0);
  expect(Date.parse(answer.asOf ?? '')).toBeGreaterThanOrEqual(before?.now.getTime() ?? NaN);
  expect(Object.keys(answer.promises.P7.details)).toEqual(expect.arrayContaining(['redis', 'settlement']));
  expect(answer.promises.P5.details['USD']?.['captured']).toBeGreaterThan(0);
});

test('finds an event in the stream that was never committed, and exits with 1', async () => {
  await stack.ended(idIn(await stack.place()));
  const redis = new Redis(stack.file.redis ?? '');
  // A copy, because other tests read the stream too.
  const REDIS_STREAM = 'planted-events';
  await redis.copy('checkout-events', REDIS_STREAM, 'REPLACE');
  await redis.xadd(REDIS_STREAM, '*', 'event', JSON.stringify({ id: 'made up', subject: 'chk_0', sequence: '1' }));
  redis.disconnect();

  const { code, answer } = await verify(stack.dataDir, ['--only', 'P7'], { REDIS_STREAM });

  expect(code).toBe(1);
  expect(answer.ok).toBe(false);
  expect(answer.promises.P7.details['redis']?.['uncommitted']).toBe(1);
});

test('without a stack, says so and claims nothing', async () => {
  const { code, answer } = await verify('/nowhere');

  expect(code).toBe(1);
  expect(answer).toMatchObject({ ok: false, asOf: null, code: 'stack-not-found', promises: {} });
});
