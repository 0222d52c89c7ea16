import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { placeOf } from '../../src/outbox/log/cursors';
import { ensureCursors, take } from '../../src/outbox/log/leases';
import { currentServer } from '../../src/outbox/log/server';
import { relayOnce } from '../../src/outbox/relay/relay-once';
import type { LaneState } from '../../src/outbox/relay/relay-once';
import { SHARDS } from '../../src/outbox/log/shards';
import type { Sink } from '../../src/outbox/sink';
import type { Database } from '../../src/postgres/database';
import { retryOnce } from './lane-by-hand';

/** All lanes of a sink, which move only when the test says so. */
export async function lanesOf(db: Database, sink: Sink) {
  const relay = randomUUID();
  await ensureCursors(db, [sink]);
  await currentServer(db, pino({ level: 'silent' }), undefined);
  const rows = await take(db, relay, { sink: sink.name, most: SHARDS });
  const lanes = rows.map((row): LaneState => ({ ...row, to: sink, place: placeOf(row), failures: 0, parked: true }));
  const waitingOf = async ({ shard }: LaneState): Promise<number> => {
    const { rows } = await db.query(`select from outbox_parked where sink = $1 and shard = $2`, [sink.name, shard]);
    return rows.length;
  };
  /** Returns how many events were delivered. */
  const pass = async (): Promise<number> => {
    let gone = 0;
    for (const lane of lanes) {
      const { delivered, parked, witness } = await relayOnce(db, lane);
      const before = await waitingOf(lane);
      if (parked) await retryOnce(db, lane, witness);
      gone += delivered + before - (await waitingOf(lane));
    }
    return gone;
  };
  const passUntilIdle = async (): Promise<void> => {
    while ((await pass()) > 0);
  };
  return { relay, lanes, pass, passUntilIdle };
}
