import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { relayOnce } from '../../src/outbox/relay/relay-once';
import { redrive } from '../../src/outbox/operators/redrive';
import { redriveProgress, stopRedrive } from '../../src/outbox/operators/redrive-progress';
import { DELIVERED } from '../../src/outbox/sink';
import { aKey } from '../support/builders';
import { eventually } from '../support/eventually';
import { lanesOf } from '../support/outbox-lanes';
import { outboxWorld, RecordingSink } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());

const ORDERS = 80;
const EVENTS = 6;
const ACTS = 25;

test('operators who redrive and stop while all lanes work stop none of them, and lose nothing', async () => {
  const sink = new RecordingSink();
  sink.script = () => ({ status: 'failed', reason: 'no', retry: false });
  const orders = await Promise.all(Array.from({ length: ORDERS }, (_, shard) => world.newCheckout(shard)));
  await Promise.all(orders.map((id) => world.emit(id, EVENTS)));
  const { lanes, pass, passUntilIdle } = await lanesOf(world.db, sink);
  await pass();

  // A third of the attempts fail for good, a third for a while: both first events of orders and those behind them.
  let attempt = 0;
  sink.script = () => {
    attempt += 1;
    return attempt % 3 === 0 ? DELIVERED : { status: 'failed', reason: 'no', retry: attempt % 3 === 1 };
  };
  let acting = true;
  const ids: string[] = [];
  // What a lane would retry after a pause fails the test here, above all a deadlock.
  const relaying = lanes.map(async (lane) => {
    while (acting) await relayOnce(world.db, lane);
  });
  const operators = [0, 1].map(async () => {
    for (let act = 0; act < ACTS; act += 1) {
      const id = aKey();
      ids.push(id);
      await redrive(world.db, id, { sink: null, target: null, checkoutId: null, reason: 'Again.', operator: 'key_1' });
      if (act % 2 === 0) await stopRedrive(world.db, id, 'key_1');
    }
  });
  await Promise.all(operators).finally(() => (acting = false));
  await Promise.all(relaying);

  sink.script = () => DELIVERED;
  const last = aKey();
  ids.push(last);
  await redrive(world.db, last, { sink: null, target: null, checkoutId: null, reason: 'At last.', operator: 'key_1' });
  await world.db.query(`update outbox_parked set next_attempt_at = now() where next_attempt_at is not null`);
  await eventually(async () => {
    await passUntilIdle();
    return (await world.db.query(`select from outbox_parked`)).rowCount === 0 ? true : undefined;
  });

  for (const id of ids) {
    const { state, total, done, remaining, failedAgain } = (await redriveProgress(world.db, id)) ?? {};
    expect(state).toMatch(/finished|stopped/);
    expect(total).toBe((done ?? 0) + (remaining ?? 0) + (failedAgain ?? 0));
    expect(Math.min(done ?? -1, remaining ?? -1, failedAgain ?? -1)).toBeGreaterThanOrEqual(0);
  }
  for (const id of orders) {
    const own = sink.firsts.filter((name) => name.startsWith(id));
    expect(own).toEqual(Array.from({ length: EVENTS }, (_, at) => `${id}/${at + 1}`));
  }
});
