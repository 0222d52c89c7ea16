import type { Queryable } from '../../postgres/database';
import type { Held } from '../log/cursors';
import { EVENT_COLUMNS, outboxEventOf } from '../outbox-event';
import type { EventRow } from '../outbox-event';
import type { Parcel } from '../sink';

/** How much of one target is tried at a time; the rest follows. Many targets are tried concurrently. */
const MOST_ORDERS = 50;
const MOST_EVENTS = 100;

export interface ParkedParcel extends Parcel {
  readonly attempts: number;
  /** It is part of a redrive. */
  readonly redriven: boolean;
}

/** Names an order at one target of a sink: its events go one after another. */
export const orderOf = ({ target, event }: Parcel): string => `${target}/${event.checkoutId}`;

/** The orders among these that have a parked event: their later events must wait behind it. */
export async function parkedOrders(db: Queryable, sink: string, parcels: readonly Parcel[]): Promise<Set<string>> {
  const ids = [...new Set(parcels.map(({ event }) => event.checkoutId))];
  const { rows } = await db.query<{ target: string; checkoutId: string }>(
    `select distinct target, aggregateid as "checkoutId" from outbox_parked where sink = $1 and aggregateid = any ($2)`,
    [sink, ids],
  );
  return new Set(rows.map(({ target, checkoutId }) => `${target}/${checkoutId}`));
}

/**
 * Up to `most` targets that have something due, without those in `except`; longest due first. It steps from target to target, so that the
 * backlog of one need not be scanned to find the others.
 */
export async function dueTargets(
  db: Queryable,
  { sink, shard }: Held,
  { except, most }: { except: readonly string[]; most: number },
): Promise<string[]> {
  const { rows } = await db.query<{ target: string }>(
    `with recursive targets as (
       (select target
          from outbox_parked
         where sink = $1 and shard = $2 and next_attempt_at is not null
         order by target
         limit 1)
       union all
       select (select target
                 from outbox_parked
                where sink = $1 and shard = $2 and next_attempt_at is not null and target > targets.target
                order by target
                limit 1)
         from targets
        where targets.target is not null
     )
     select targets.target
       from targets
      cross join lateral (
        select next_attempt_at
          from outbox_parked
         where sink = $1 and shard = $2 and target = targets.target and next_attempt_at is not null
         order by next_attempt_at
         limit 1
      ) first
      where first.next_attempt_at <= now()
        and targets.target <> all ($3)
      order by first.next_attempt_at
      limit $4`,
    [sink, shard, except, most],
  );
  return rows.map(({ target }) => target);
}

/** The orders of a target whose first parked event is due, with the events behind it, in order. */
export async function dueParcels(db: Queryable, { sink, shard }: Held, target: string): Promise<ParkedParcel[]> {
  const { rows } = await db.query<EventRow & Pick<ParkedParcel, 'attempts' | 'redriven'>>(
    `select parked.attempts, parked.redrive_id is not null as redriven, ${EVENT_COLUMNS}
       from (
         select aggregateid
           from outbox_parked
          where sink = $1
            and shard = $2
            and target = $3
            and next_attempt_at <= now()
          order by next_attempt_at
          limit $4
       ) due
      cross join lateral (
        select sequence, occurred_at, attempts, redrive_id
          from outbox_parked
         where sink = $1
           and target = $3
           and aggregateid = due.aggregateid
         order by sequence
         limit $5
      ) parked
       join outbox_events event
         on event.aggregateid = due.aggregateid
        and event.sequence = parked.sequence
        and event.occurred_at = parked.occurred_at
      order by due.aggregateid, parked.sequence
      limit $5`,
    [sink, shard, target, MOST_ORDERS, MOST_EVENTS],
  );
  return rows.map(({ attempts, redriven, ...row }) => ({ event: outboxEventOf(row), target, attempts, redriven }));
}
