import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { placeOf } from '../../src/outbox/cursors';
import { ensureCursors, take } from '../../src/outbox/leases';
import { meetServer } from '../../src/outbox/server';
import { relayOnce } from '../../src/outbox/relay-once';
import type { LaneState } from '../../src/outbox/relay-once';
import { SHARDS } from '../../src/outbox/shards';
import type { Sink } from '../../src/outbox/sink';
import type { Database } from '../../src/postgres/database';

/** All lanes of a sink, moved when the test says so. */
export async function lanesOf(db: Database, sink: Sink) {
  const relay = randomUUID();
  await ensureCursors(db, [sink]);
  await meetServer(db, pino({ level: 'silent' }), undefined);
  const rows = await take(db, relay, { sink: sink.name, most: SHARDS });
  const lanes = rows.map((row): LaneState => ({ ...row, to: sink, place: placeOf(row), failures: 0, parked: true }));
  /** How many events have gone. */
  const pass = async (): Promise<number> => {
    let gone = 0;
    for (const lane of lanes) gone += (await relayOnce(db, lane)).delivered;
    return gone;
  };
  const passUntilIdle = async (): Promise<void> => {
    while ((await pass()) > 0);
  };
  return { relay, lanes, pass, passUntilIdle };
}
