import type { Transaction } from '../../postgres/database';
import { orderOf } from './parked';
import type { ParkedParcel } from './parked';
import { endRedrives } from './end-redrives';
import { lockForLanes } from './redrive-lock';
import { shardOf } from '../log/shards';
import type { Outcome, Parcel, Sink } from '../sink';

/** For sinks without a schedule: at most five minutes apart, given up after about forty minutes. */
const LONGEST_REST_MS = 5 * 60_000;
const MOST_ATTEMPTS = 15;
/** How often what is retried without end is tried after its sink's schedule. */
const WITHOUT_END_REST_MS = 3_600_000;

type Result<P extends Parcel = Parcel> = { readonly parcel: P; readonly outcome: Outcome };

/*
 * Pages and retries of a lane run concurrently, but their transactions do not: each begins by writing the lane's cursor, so the second one
 * waits and sees what the first has done.
 */

/** Parks what was not taken: `failed` with its next attempt, `later` due immediately, `behind` without an attempt. */
export async function park(tx: Transaction, sink: Sink, results: readonly Result[]): Promise<void> {
  const rows = results.map(({ parcel: { event, target }, outcome }) => ({
    target,
    checkout: event.checkoutId,
    sequence: event.sequence,
    shard: shardOf(event.checkoutId),
    event: event.id,
    at: event.time,
    attempts: outcome.status === 'failed' ? 1 : 0,
    reason: 'reason' in outcome ? outcome.reason : 'An earlier event of its order is waiting',
    rest_ms: outcome.status === 'failed' ? restMs(sink, outcome, 1) : outcome.status === 'later' ? 0 : null,
  }));
  await tx.query(
    `insert into outbox_parked
       (sink, target, aggregateid, sequence, shard, event_id, occurred_at, attempts, reason, next_attempt_at)
     select $1, target, checkout, sequence, shard, event, at, attempts, reason, now() + rest_ms * interval '1 ms'
       from jsonb_to_recordset($2::jsonb) as parked (
              target text, checkout text, sequence bigint, shard smallint, event uuid, at timestamptz, attempts integer,
              reason text, rest_ms double precision)`,
    [sink.name, JSON.stringify(rows)],
  );
  // The events before it may have gone while the page was in flight: then nothing is before it, and it would never become due.
  await makeFirstsDue(tx, sink.name, results);
}

/** Deletes what has gone, sets the next attempt of what failed, and makes the next event of each order due. */
export async function settleParked(
  tx: Transaction,
  sink: Sink,
  results: readonly Result<ParkedParcel>[],
): Promise<void> {
  const redriven = results.filter(({ parcel }) => parcel.redriven);
  if (redriven.length > 0) await lockForLanes(tx);
  const gone = results.filter(({ outcome }) => outcome.status === 'delivered' || outcome.status === 'unwanted');
  await tx.query(
    `delete from outbox_parked parked
      using jsonb_to_recordset($2::jsonb) as gone (target text, checkout text, sequence bigint)
      where parked.sink = $1
        and parked.target = gone.target
        and parked.aggregateid = gone.checkout
        and parked.sequence = gone.sequence`,
    [sink.name, JSON.stringify(gone.map(({ parcel }) => keyOf(parcel)))],
  );
  const failed = results.flatMap(({ parcel, outcome }) => {
    if (outcome.status !== 'failed') return [];
    // A redrive restarts the schedule.
    const attempts = parcel.redriven ? 1 : parcel.attempts + 1;
    return [{ ...keyOf(parcel), attempts, reason: outcome.reason, rest_ms: restMs(sink, outcome, attempts) }];
  });
  await tx.query(
    `update outbox_parked parked
        set attempts = failed.attempts, reason = failed.reason,
            next_attempt_at = now() + failed.rest_ms * interval '1 ms'
       from jsonb_to_recordset($2::jsonb) as failed (
              target text, checkout text, sequence bigint, attempts integer, reason text, rest_ms double precision)
      where parked.sink = $1
        and parked.target = failed.target
        and parked.aggregateid = failed.checkout
        and parked.sequence = failed.sequence`,
    [sink.name, JSON.stringify(failed)],
  );
  const failedAgain = redriven.filter(({ outcome }) => outcome.status === 'failed').map(({ parcel }) => parcel);
  await endRedrives(tx, sink.name, failedAgain);
  await makeFirstsDue(tx, sink.name, gone);
}

/** Makes the first parked event of each of these orders due now, if it has been `behind` until now. */
async function makeFirstsDue(tx: Transaction, sink: string, results: readonly Result[]): Promise<void> {
  const orders = new Map(results.map(({ parcel }) => [orderOf(parcel), keyOf(parcel)]));
  await tx.query(
    `update outbox_parked parked
        set next_attempt_at = now()
       from jsonb_to_recordset($2::jsonb) as touched (target text, checkout text)
      cross join lateral (
        select sequence
          from outbox_parked
         where sink = $1
           and target = touched.target
           and aggregateid = touched.checkout
         order by sequence
         limit 1
      ) first
      where parked.sink = $1
        and parked.target = touched.target
        and parked.aggregateid = touched.checkout
        and parked.sequence = first.sequence
        and parked.next_attempt_at is null
        and parked.attempts = 0`,
    [sink, JSON.stringify([...orders.values()])],
  );
}

const keyOf = ({ target, event }: Parcel) => ({ target, checkout: event.checkoutId, sequence: event.sequence });

/** Milliseconds until the next attempt; null if there is none. */
function restMs(sink: Sink, { retry }: { retry: boolean | 'without-end' }, attempts: number): number | null {
  if (!retry) return null;
  const scheduled = (sink.retryAfterMs ?? usualRestMs)(attempts);
  return scheduled ?? (retry === 'without-end' ? WITHOUT_END_REST_MS : null);
}

const usualRestMs = (attempts: number): number | undefined =>
  attempts < MOST_ATTEMPTS ? Math.min(1_000 * 2 ** (attempts - 1), LONGEST_REST_MS) : undefined;
