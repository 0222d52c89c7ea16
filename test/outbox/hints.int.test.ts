import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hintsThrough, listenForHints } from '../../src/outbox/relay/hints';
import { openRedis } from '../../src/runtime/redis';
import { eventually } from '../support/eventually';
import { readyRedis } from '../support/ready-redis';
import { startOwnValkey } from '../support/own-valkey';

let valkey: Awaited<ReturnType<typeof startOwnValkey>>;
beforeAll(async () => {
  valkey = await startOwnValkey();
});
afterAll(() => valkey.stop());

test('a hint arrives, several within a moment count as one, and hints arrive again after a restart of Redis', async () => {
  const [speaker, listener] = [await readyRedis(valkey.address), openRedis(valkey.address, () => undefined)];
  let hints = 0;
  listenForHints(listener, () => (hints += 1));
  const hint = hintsThrough(speaker);

  await eventually(() => {
    hint();
    return hints > 0 ? true : undefined;
  });
  const before = hints;
  for (let time = 0; time < 100; time += 1) hint();
  await eventually(() => (hints > before ? true : undefined));
  expect(hints).toBeLessThanOrEqual(before + 2);

  await valkey.kill();
  expect(() => hint()).not.toThrow();
  await valkey.restart();
  const afterwards = hints;
  await eventually(() => {
    hint();
    return hints > afterwards ? true : undefined;
  });
  speaker.disconnect();
  listener?.disconnect();
});

test('without Redis, a hint does nothing', () => {
  expect(() => hintsThrough(undefined)()).not.toThrow();
  expect(() => listenForHints(undefined, () => undefined)).not.toThrow();
});
