import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { forgetProcessed, processOnce } from '../../src/outbox/inbox';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

let world: OutboxWorld;
beforeAll(async () => {
  world = await outboxWorld();
});
afterAll(() => world.close());

const process = (consumer: string, eventId: string): Promise<boolean> =>
  world.db.transaction((tx) => processOnce(tx, consumer, eventId));

test('tells the first delivery of an event from its duplicates, per consumer', async () => {
  const eventId = randomUUID();

  expect(await process('mailing', eventId)).toBe(true);
  expect(await process('mailing', eventId)).toBe(false);
  expect(await process('books', eventId)).toBe(true);
});

test("forgets the event again if the consumer's work fails", async () => {
  const eventId = randomUUID();
  const failing = world.db.transaction(async (tx) => {
    await processOnce(tx, 'mailing', eventId);
    throw new Error('no mail today');
  });

  await expect(failing).rejects.toThrow('no mail today');
  expect(await process('mailing', eventId)).toBe(true);
});

test.each(['commit', 'rollback'] as const)('waits for a delivery that is under way until its %s', async (how) => {
  const eventId = randomUUID();
  const first = await world.openTransaction();
  expect(await processOnce(first.tx, 'mailing', eventId)).toBe(true);

  const second = process('mailing', eventId);
  await first.end(how);

  expect(await second).toBe(how === 'rollback');
});

test('deletes what was processed more than thirty days ago, in batches', async () => {
  const [old, young] = [randomUUID(), randomUUID()];
  const ids = [old, randomUUID(), randomUUID()];
  await world.db.query(
    `insert into processed_events (consumer, event_id, processed_at)
     select 'mailing', unnest($1::uuid[]), now() - interval '30 days 1 hour'`,
    [ids],
  );
  await process('mailing', young);

  expect(await forgetProcessed(world.db, 2)).toBe(2);
  expect(await forgetProcessed(world.db, 2)).toBe(1);
  expect(await forgetProcessed(world.db)).toBe(0);

  expect(await process('mailing', old)).toBe(true);
  expect(await process('mailing', young)).toBe(false);
  await world.db.query(`update processed_events set processed_at = processed_at - interval '29 days'`);
  expect(await forgetProcessed(world.db)).toBe(0);
});
