import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AnnouncedOutOfTurn } from '../../src/outbox/append';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());

/** The events of an order as relays hand them out: by age of transaction, then by position. */
async function logOf(checkoutId: string) {
  const { rows } = await world.db.query<{ sequence: bigint; micros: bigint }>(
    `select sequence, (extract(epoch from occurred_at) * 1000000)::bigint as micros
       from outbox_events
      where aggregateid = $1
      order by txid, position`,
    [checkoutId],
  );
  return rows.map(({ sequence, micros }) => ({ sequence: Number(sequence), micros }));
}

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

/** Retries in a younger transaction, like the activities. */
const emitInTurn = (checkoutId: string): Promise<void> =>
  world.emit(checkoutId, 2).catch((error: unknown) => {
    if (!(error instanceof AnnouncedOutOfTurn)) throw error;
    return emitInTurn(checkoutId);
  });

test("twenty concurrent writers number an order's events without a gap, and times never go backwards", async () => {
  const checkoutId = await world.newCheckout();

  const one = async () => {
    for (let time = 0; time < 10; time += 1) await emitInTurn(checkoutId);
  };
  await Promise.all(upTo(20).map(one));

  const log = await logOf(checkoutId);
  expect(log.map(({ sequence }) => sequence)).toEqual(upTo(400));
  expect(log.filter(({ micros }, at) => at > 0 && micros < (log[at - 1]?.micros ?? 0n))).toEqual([]);
});

test('a rollback frees its numbers', async () => {
  const checkoutId = await world.newCheckout();
  await world.emit(checkoutId);
  const undone = await world.openTransaction();
  await undone.lock(checkoutId);
  await undone.append(checkoutId);
  await undone.append(checkoutId);
  await undone.end('rollback');

  await world.emit(checkoutId);

  expect((await logOf(checkoutId)).map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test('refuses to append in a transaction that wrote before it waited for the lock; a retry appends', async () => {
  const checkoutId = await world.newCheckout();
  const [older, younger] = [await world.openTransaction(), await world.openTransaction()];
  await older.tx.query(`insert into processed_events (consumer, event_id) values ('of the older', gen_random_uuid())`);
  await younger.lock(checkoutId);
  const waiting = older.lock(checkoutId);
  await younger.append(checkoutId);
  await younger.end('commit');
  await waiting;

  await expect(older.append(checkoutId)).rejects.toThrow(AnnouncedOutOfTurn);
  await older.end('rollback');
  await world.emit(checkoutId);

  expect((await logOf(checkoutId)).map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test('appends in a transaction that wrote first and did not wait', async () => {
  const checkoutId = await world.newCheckout();
  await world.emit(checkoutId);
  const busy = await world.openTransaction();
  await busy.tx.query(`insert into processed_events (consumer, event_id) values ('of the busy', gen_random_uuid())`);

  await busy.lock(checkoutId);
  await busy.append(checkoutId);
  await busy.end('commit');

  expect((await logOf(checkoutId)).map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test("takes the event's time under the lock, so that a transaction that began early and waited is not earlier", async () => {
  const checkoutId = await world.newCheckout();
  const [first, second] = [await world.openTransaction(), await world.openTransaction()];
  // Begun, with a time of its own, before the first one appends.
  await second.tx.query(`select now()`);
  await first.lock(checkoutId);
  const waiting = second.lock(checkoutId);
  await first.append(checkoutId);
  await first.end('commit');
  await waiting;
  await second.append(checkoutId);
  await second.end('commit');

  const [one, two] = await logOf(checkoutId);

  expect(two?.micros).toBeGreaterThan(one?.micros ?? 0n);
});
