import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { systemClock } from '../../../src/tools/terminal/clock';
import { keepReplaying } from '../../../src/outbox/relay/keep-replaying';
import { Relay } from '../../../src/outbox/relay/relay';
import { DELIVERED } from '../../../src/outbox/sink';
import { apiWorld } from '../../support/api-world';
import type { ApiWorld } from '../../support/api-world';
import { accepted, stepsBefore } from '../../support/checkout-world';
import { eventually } from '../../support/eventually';
import { listeningApi } from '../../support/listening-api';
import { RecordingSink } from '../../support/outbox-world';
import { shell } from './setup';

let world: ApiWorld;
let api: Awaited<ReturnType<typeof listeningApi>>;
beforeAll(async () => {
  world = await apiWorld();
  api = await listeningApi(world);
});
afterAll(async () => {
  await api.app.close();
  await world.close();
});

const cli = (...args: string[]) => shell([...args, '--url', api.api], { clock: systemClock });

test('an operator sees which events are dead and has them delivered, with the real API and a real relay', async () => {
  const sink = new RecordingSink('redis');
  sink.script = () => ({ status: 'failed', reason: 'larger than the stream takes', retry: false });
  const relay = new Relay({ db: world.db, sinks: [sink], logger: pino({ level: 'silent' }) });
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 3);
  await relay.start();

  // Dead first; the events behind it are parked a moment later.
  const lag = await eventually(async () => {
    const answer = await cli('outbox');
    return /^redis +0 +- +0\.0\/s +0 +0 +\d+ +1$/m.test(answer.stdout) ? answer : undefined;
  });
  const letters = await cli('dead-letters');
  const plan = await cli('redrive', '--plan', '--reason', 'See how much');
  sink.script = () => DELIVERED;
  const redrive = await cli('redrive', '--reason', 'The stream is larger', '--key', 'redrive-1');
  const again = await cli('redrive', '--reason', 'The stream is larger', '--key', 'redrive-1', '--json');
  const after = await eventually(async () => {
    const answer = await cli('outbox');
    return answer.code === 3 ? undefined : answer;
  });
  await relay.stop();

  expect(lag.code).toBe(3);
  expect(letters.stdout).toContain(`${order.checkoutId}  1 `);
  expect(letters.stdout).toContain('larger than the stream takes');
  expect(plan.stdout).toMatch(/^redis +1 +[1-9]/m);
  expect([redrive.code, redrive.stderr]).toEqual([0, '']);
  expect(redrive.stdout).toMatch(/^Finished {2}(\d+) of \1 delivered$/m);
  expect(JSON.parse(again.stdout)).toMatchObject({ id: 'redrive-1', state: 'finished', failedAgain: 0, more: false });
  expect([after.code, (await cli('dead-letters')).stdout]).toEqual([0, 'There are no dead letters.\n']);
  expect(sink.firsts).toEqual(sink.firsts.map((_, at) => `${order.checkoutId}/${at + 1}`));
});

test('an operator has events delivered again that a sink has lost, with the real API and a real relay', async () => {
  const sink = new RecordingSink('kafka');
  const logger = pino({ level: 'silent' });
  const relay = new Relay({ db: world.db, sinks: [sink], logger });
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 3);
  await relay.start();
  const range = ['outbox', 'replay', '--sink', 'kafka', '--from', '2020-01-01T00:00:00Z', '--reason', 'It was lost'];

  const total = await eventually(async () => {
    const lag = JSON.parse((await cli('outbox', '--json')).stdout) as { sinks: { sink: string; pending: number }[] };
    const idle = lag.sinks.some((each) => each.sink === 'kafka' && each.pending === 0);
    return idle && sink.taken.length > 0 ? sink.taken.splice(0).length : undefined;
  });
  const plan = await cli(...range, '--plan', '--json');
  const replays = keepReplaying({ db: world.db, sinks: [sink], owner: relay.id, logger });
  const replay = await cli(...range, '--key', 'replay-1');
  const again = await cli(...range, '--key', 'replay-1', '--json');
  const refused = await cli(...range, '--sink', 'settlement', '--plan');
  await Promise.all([replays.stop(), relay.stop()]);

  expect(JSON.parse(plan.stdout)).toMatchObject({ events: total });
  expect([replay.code, replay.stderr]).toEqual([0, '']);
  expect(replay.stdout).toContain(`Finished  ${total} of ${total} events\n`);
  expect(JSON.parse(again.stdout)).toMatchObject({ id: 'replay-1', state: 'finished', done: total, refused: 0 });
  expect(sink.taken.map((parcel) => parcel.replay)).toEqual(Array(total).fill('replay-1'));
  expect([refused.code, refused.stderr]).toMatchObject([
    1,
    expect.stringContaining('The settlement is never replayed'),
  ]);
});
