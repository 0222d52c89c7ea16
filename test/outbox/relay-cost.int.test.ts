import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { relayOnce } from '../../src/outbox/relay/relay-once';
import type { Database } from '../../src/postgres/database';
import { laneByHand, pass } from '../support/lane-by-hand';
import { outboxWorld, RecordingSink } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());

/** A relay's statements by what they do. */
const TASKS = { page: /pg_current_snapshot/, move: /^\s*update outbox_cursors/, due: /from outbox_parked/ };
const taskOf = (text: string) => Object.entries(TASKS).find(([, mark]) => mark.test(text))?.[0] ?? text;

/** The same database, recording the statements outside of transactions; a transaction counts as one. */
function counted(db: Database) {
  const statements: string[] = [];
  const counting: Database = {
    ...db,
    query: (text, values) => {
      statements.push(taskOf(text));
      return db.query(text, values);
    },
    transaction: (work) => {
      statements.push('transaction');
      return db.transaction(work);
    },
  };
  return { counting, statements };
}

test('a page that the sink takes costs one statement to read and one to move on, and an empty one only the first', async () => {
  const sink = new RecordingSink('takes-all');
  const lane = await laneByHand(world, sink);
  await world.emit(await world.newCheckout(), 3);
  const { counting, statements } = counted(world.db);

  expect((await relayOnce(counting, lane)).delivered).toBe(3);
  expect(statements.splice(0)).toEqual(['page', 'move']);

  expect((await relayOnce(counting, lane)).delivered).toBe(0);
  expect(statements).toEqual(['page']);
});

test('a lane looks for parked events only while there are any', async () => {
  const sink = new RecordingSink('takes-nothing-first');
  const lane = await laneByHand(world, sink);
  sink.script = () => ({ status: 'failed', reason: 'no', retry: true });
  await world.emit(await world.newCheckout());
  await relayOnce(world.db, lane);
  const { counting, statements } = counted(world.db);

  await pass({ ...world, db: counting }, lane);
  expect(statements.splice(0)).toEqual(['page', 'due']);

  await world.db.query(`update outbox_parked set next_attempt_at = now() where sink = $1`, [sink.name]);
  sink.script = () => ({ status: 'delivered' });
  await pass({ ...world, db: counting }, lane);
  expect(sink.taken.length).toBeGreaterThan(0);
  statements.length = 0;
  await pass({ ...world, db: counting }, lane);
  expect(statements).toEqual(['page']);
});

test('what one lane has parked costs another lane of the same sink nothing', async () => {
  const sink = new RecordingSink('one-lane-only');
  const lane = await laneByHand(world, sink);
  await world.db.query(
    `insert into outbox_parked (sink, target, aggregateid, sequence, shard, event_id, occurred_at, reason)
     values ($1, '', 'chk_other', 1, 5, gen_random_uuid(), now(), 'no')`,
    [sink.name],
  );
  await relayOnce(world.db, lane);
  const { counting, statements } = counted(world.db);
  await relayOnce(counting, lane);
  expect(statements).toEqual(['page']);
});
