import type { Queryable, Transaction } from '../postgres/database';
import type { Held } from './cursors';
import { EVENT_COLUMNS, outboxEventOf } from './outbox-event';
import type { EventRow } from './outbox-event';
import { endRedrives } from './redrive-progress';
import { lanesTurn } from './redrive-turns';
import { shardOf } from './shards';
import type { Outcome, Parcel, Sink } from './sink';

/** For sinks without a schedule: five minutes apart at most, given up after some forty minutes. */
const LONGEST_REST_MS = 5 * 60_000;
const MOST_ATTEMPTS = 15;
/** A page of an order that waits; the rest follows when these are through. */
const MOST_OF_AN_ORDER = 100;
const MOST_ORDERS = 50;

export interface ParkedParcel extends Parcel {
  readonly attempts: number;
  /** An operator has asked for it. */
  readonly redriven: boolean;
}

/** A lane of a sink's orders: to one target they go one after the other. */
export const orderOf = ({ target, event }: Parcel): string => `${target}/${event.checkoutId}`;

/** Which of these orders have something parked, so that their later events have to wait behind it. */
export async function parkedOrders(db: Queryable, sink: string, parcels: readonly Parcel[]): Promise<Set<string>> {
  const ids = [...new Set(parcels.map(({ event }) => event.checkoutId))];
  const { rows } = await db.query<{ target: string; checkoutId: string }>(
    `select distinct target, aggregateid as "checkoutId" from outbox_parked where sink = $1 and aggregateid = any ($2)`,
    [sink, ids],
  );
  return new Set(rows.map(({ target, checkoutId }) => `${target}/${checkoutId}`));
}

/** Puts aside what was not taken: the failed one with its next attempt, those behind it without. */
export async function park(
  tx: Transaction,
  sink: Sink,
  failures: readonly { parcel: Parcel; outcome: Outcome }[],
): Promise<void> {
  for (const { parcel, outcome } of failures) {
    const { event, target } = parcel;
    const failed = outcome.status === 'failed';
    await tx.query(
      `insert into outbox_parked
         (sink, target, aggregateid, sequence, shard, event_id, occurred_at, attempts, reason, next_attempt_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 ms')`,
      [
        ...[sink.name, target, event.checkoutId, event.sequence, shardOf(event.checkoutId), event.id, event.time],
        failed ? 1 : 0,
        failed ? outcome.reason : 'An earlier event of its order waits',
        failed ? restMs(sink, outcome, 1) : null,
      ],
    );
  }
}

/** The orders whose first parked event is due, each with what waits behind it, in their order. */
export async function dueParcels(db: Queryable, { sink, shard }: Held): Promise<ParkedParcel[]> {
  const { rows } = await db.query<EventRow & Pick<ParkedParcel, 'target' | 'attempts' | 'redriven'>>(
    `select due.target, parked.attempts, parked.redrive_id is not null as redriven, ${EVENT_COLUMNS}
       from (
         select target, aggregateid
           from outbox_parked
          where sink = $1
            and shard = $2
            and next_attempt_at <= now()
          order by next_attempt_at
          limit $3
       ) due
      cross join lateral (
        select sequence, occurred_at, attempts, redrive_id
          from outbox_parked
         where sink = $1
           and target = due.target
           and aggregateid = due.aggregateid
         order by sequence
         limit $4
      ) parked
       join outbox_events event
         on event.aggregateid = due.aggregateid
        and event.sequence = parked.sequence
        and event.occurred_at = parked.occurred_at
      order by due.target, due.aggregateid, parked.sequence`,
    [sink, shard, MOST_ORDERS, MOST_OF_AN_ORDER],
  );
  return rows.map(({ target, attempts, redriven, ...row }) => ({
    event: outboxEventOf(row),
    target,
    attempts,
    redriven,
  }));
}

/** What has gone is no longer parked. A failed one waits longer than before; one behind it that went first of its order takes its place. */
export async function settleParked(
  tx: Transaction,
  sink: Sink,
  results: readonly { parcel: ParkedParcel; outcome: Outcome }[],
): Promise<void> {
  const redriven = results.filter(({ parcel }) => parcel.redriven);
  if (redriven.length > 0) await lanesTurn(tx);
  for (const { parcel, outcome } of results) {
    const key = [sink.name, parcel.target, parcel.event.checkoutId, parcel.event.sequence];
    const where = `where sink = $1 and target = $2 and aggregateid = $3 and sequence = $4`;
    if (outcome.status === 'behind') continue;
    if (outcome.status !== 'failed') {
      await tx.query(`delete from outbox_parked ${where}`, key);
    } else {
      // A redrive begins its schedule anew.
      const attempts = parcel.redriven ? 1 : parcel.attempts + 1;
      await tx.query(
        `update outbox_parked set attempts = $5, reason = $6, next_attempt_at = now() + $7 * interval '1 ms' ${where}`,
        [...key, attempts, outcome.reason, restMs(sink, outcome, attempts)],
      );
    }
  }
  const failedAgain = redriven.filter(({ outcome }) => outcome.status === 'failed').map(({ parcel }) => parcel);
  await endRedrives(tx, sink.name, failedAgain);
  await promoteFirsts(tx, sink.name, results);
}

/** Where the page of an order went and more of it waits, the next one is due at once. */
async function promoteFirsts(
  tx: Transaction,
  sink: string,
  results: readonly { parcel: ParkedParcel; outcome: Outcome }[],
): Promise<void> {
  const stuck = new Set(
    results.filter(({ outcome }) => outcome.status === 'failed').map(({ parcel }) => orderOf(parcel)),
  );
  for (const order of new Set(results.map(({ parcel }) => orderOf(parcel)))) {
    if (stuck.has(order)) continue;
    const [target, checkoutId] = [order.slice(0, order.lastIndexOf('/')), order.slice(order.lastIndexOf('/') + 1)];
    await tx.query(
      `update outbox_parked
          set next_attempt_at = now()
        where (sink, target, aggregateid, sequence) = (
          select sink, target, aggregateid, sequence
            from outbox_parked
           where sink = $1 and target = $2 and aggregateid = $3
           order by sequence
           limit 1)`,
      [sink, target, checkoutId],
    );
  }
}

/** Null where it is tried no more by itself. */
function restMs(sink: Sink, { retry }: { retry: boolean }, attempts: number): number | null {
  if (!retry) return null;
  if (sink.retryAfterMs) return sink.retryAfterMs(attempts) ?? null;
  return attempts < MOST_ATTEMPTS ? Math.min(1_000 * 2 ** (attempts - 1), LONGEST_REST_MS) : null;
}
