import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { placeOf, readPlace } from '../../src/outbox/log/cursors';
import { ensureCursors, take } from '../../src/outbox/log/leases';
import { currentServer } from '../../src/outbox/log/server';
import { relayOnce } from '../../src/outbox/relay/relay-once';
import type { LaneState, Relayed } from '../../src/outbox/relay/relay-once';
import { Retries } from '../../src/outbox/relay/retries';
import { SHARDS } from '../../src/outbox/log/shards';
import type { Sink } from '../../src/outbox/sink';
import type { Database } from '../../src/postgres/database';
import type { OutboxWorld } from './outbox-world';

/** A lane of shard 0 that runs a pass only when the test says so; it takes the lease from its owner. */
export async function laneByHand({ db }: OutboxWorld, to: Sink): Promise<LaneState> {
  await ensureCursors(db, [to]);
  await currentServer(db, pino({ level: 'silent' }), undefined);
  await db.query(`update outbox_cursors set leased_until = now() where sink = $1`, [to.name]);
  const rows = await take(db, randomUUID(), { sink: to.name, most: SHARDS });
  const row = rows.find(({ shard }) => shard === 0);
  if (!row) throw new Error(`Shard 0 of ${to.name} was not to be had`);
  const { epoch, life } = row;
  return { sink: to.name, shard: 0, epoch, life, to, place: placeOf(row), failures: 0, parked: true };
}

/** Each lane's retries, which remember what the sink threw at. */
const retriesOf = new WeakMap<LaneState, Retries>();

/** Retries what is due, and waits until it is settled. */
export async function retryOnce(db: Database, lane: LaneState, witness: boolean): Promise<void> {
  const retries = retriesOf.get(lane) ?? new Retries(db, lane, { gone: () => undefined, failed: () => undefined });
  retriesOf.set(lane, retries);
  await retries.look(witness);
  await retries.idle();
}

/** One pass and its retries, handling a failed pass like a real lane. */
export async function pass({ db }: OutboxWorld, lane: LaneState): Promise<Relayed | Error> {
  try {
    if (lane.failures > 0) lane.place = await readPlace(db, lane);
    const done = await relayOnce(db, lane);
    lane.failures = 0;
    if (done.parked) await retryOnce(db, lane, done.witness);
    return done;
  } catch (error) {
    lane.failures += 1;
    return error as Error;
  }
}
