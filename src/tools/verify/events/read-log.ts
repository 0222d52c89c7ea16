import { structured } from '../../../outbox/cloud-event';
import { EVENT_COLUMNS, outboxEventOf } from '../../../outbox/outbox-event';
import type { EventRow } from '../../../outbox/outbox-event';
import { KEPT_DAYS } from '../../../outbox/log/partitions';
import type { Database, Queryable, Transaction } from '../../../postgres/database';
import { pagesAfter } from '../pages';
import type { Tally } from '../verdict';
import { checkAnnouncements, checkEndings } from './check-announcements';
import { digestOf } from './delivery';
import { EventLog } from './event-log';
import type { AskLater } from './later';
import { readChanges, readEndings } from './read-changes';

/** From one snapshot of Postgres: the log, checked against the ledger, and the sinks that ever ran. */
export interface Ours {
  readonly log: EventLog;
  readonly sinks: readonly string[];
}

export const readLog = (db: Database, tally: Tally): Promise<Ours> =>
  db.transaction(async (tx) => {
    await tx.query(`set transaction isolation level repeatable read, read only`);
    const log = new EventLog();
    const kept = new Kept();
    for await (const row of rowsOf(tx)) add(log, row, kept);
    for (const { sink, target, ...event } of await parked(tx)) {
      log.park(sink, target, { ...event, sequence: Number(event.sequence) });
    }
    log.check(tally);
    await checkAnnouncements(readChanges(tx), log, tally);
    await checkEndings(readEndings(tx), log, tally);
    return { log, sinks: await sinksThatRan(tx) };
  });

type Place = { txid: string; position: bigint };
type LogRow = EventRow & Place & { passedBy: string[] };

const rowsOf = (tx: Transaction): AsyncGenerator<LogRow> =>
  pagesAfter<Place, LogRow>(tx, { txid: '0', position: 0n }, ({ txid, position }, size) => ({
    query: `select event.txid, event.position, ${EVENT_COLUMNS},
                   array(
                     select sink
                       from outbox_cursors cursor
                      where cursor.shard = event.shard
                        and (pg_visible_in_snapshot(event.txid, cursor.snapshot)
                             or (pg_visible_in_snapshot(event.txid, cursor.target)
                                 and (event.txid, event.position) <= (cursor.after_txid, cursor.after_position)))
                      order by sink
                   ) as "passedBy"
              from outbox_events event
             where (event.txid, event.position) > ($1::xid8, $2::bigint)
             order by event.txid, event.position
             limit $3`,
    values: [txid, position, size],
  }));

/** Keeps one copy of words and lists that repeat a hundred thousand times. */
class Kept {
  readonly #known = new Map<string, readonly string[]>();

  list(words: readonly string[]): readonly string[] {
    const key = words.join();
    const known = this.#known.get(key) ?? words;
    this.#known.set(key, known);
    return known;
  }

  word(word: string): string {
    return this.list([word])[0] ?? word;
  }
}

function add(log: EventLog, row: LogRow, kept: Kept): void {
  const event = outboxEventOf(row);
  const { id, checkoutId, sequence } = event;
  log.add(
    { checkoutId, tenant: kept.word(event.tenant) },
    {
      ...{ id, sequence, type: kept.word(event.type), passedBy: kept.list(row.passedBy) },
      occurredAt: Date.parse(event.time),
      digest: digestOf(structured(event)),
    },
  );
}

async function parked(tx: Transaction) {
  const { rows } = await tx.query<{ sink: string; target: string; checkoutId: string; sequence: bigint }>(
    `select sink, target, aggregateid as "checkoutId", sequence from outbox_parked`,
  );
  return rows;
}

/** The sinks whose cursors a relay has held at least once. */
async function sinksThatRan(tx: Transaction): Promise<string[]> {
  const { rows } = await tx.query<{ sink: string }>(
    `select distinct sink from outbox_cursors where epoch > 0 order by sink`,
  );
  return rows.map(({ sink }) => sink);
}

/** Outside that snapshot: what Postgres has now. */
export const askLater =
  (db: Queryable): AskLater =>
  async (checkoutIds) => {
    const { rows } = await db.query<EventRow>(
      `select ${EVENT_COLUMNS} from outbox_events event where event.aggregateid = any ($1)`,
      [checkoutIds],
    );
    const { rows: older } = await db.query<{ id: string }>(
      `select id from checkouts where id = any ($1) and accepted_at < now() - $2 * interval '1 day'`,
      [checkoutIds, KEPT_DAYS],
    );
    const found = rows.map(outboxEventOf).map((event) => {
      const { id, type, checkoutId, sequence } = event;
      return [`${checkoutId}/${sequence}`, { id, type, digest: digestOf(structured(event)) }] as const;
    });
    return { events: new Map(found), older: new Set(older.map(({ id }) => id)) };
  };
