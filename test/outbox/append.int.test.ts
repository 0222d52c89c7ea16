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

/** As activities do: run again, as a younger transaction. */
const emitInTurn = (checkoutId: string): Promise<void> =>
  world.emit(checkoutId, 2).catch((error: unknown) => {
    if (!(error instanceof AnnouncedOutOfTurn)) throw error;
    return emitInTurn(checkoutId);
  });

test('twenty at once on one order number their events without a gap, and time never goes backwards', async () => {
  const checkoutId = await world.newCheckout();

  const one = async () => {
    for (let time = 0; time < 10; time += 1) await emitInTurn(checkoutId);
  };
  await Promise.all(upTo(20).map(one));

  const log = await logOf(checkoutId);
  expect(log.map(({ sequence }) => sequence)).toEqual(upTo(400));
  expect(log.filter(({ micros }, at) => at > 0 && micros < (log[at - 1]?.micros ?? 0n))).toEqual([]);
});

test('a rollback takes its numbers back', async () => {
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

test('a transaction that wrote before it waited for the lock is told so, and announces when it is run again', async () => {
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

test('a transaction that wrote first and waited for nobody is in turn', async () => {
  const checkoutId = await world.newCheckout();
  await world.emit(checkoutId);
  const busy = await world.openTransaction();
  await busy.tx.query(`insert into processed_events (consumer, event_id) values ('of the busy', gen_random_uuid())`);

  await busy.lock(checkoutId);
  await busy.append(checkoutId);
  await busy.end('commit');

  expect((await logOf(checkoutId)).map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test('a moment is taken under the lock: who began early and waited is not earlier than whom it waited for', async () => {
  const checkoutId = await world.newCheckout();
  const [first, second] = [await world.openTransaction(), await world.openTransaction()];
  // Begun, and with a moment of its own, before the first one announces.
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
