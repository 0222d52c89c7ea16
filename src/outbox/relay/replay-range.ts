/**
 * The events of the log that a replay delivers again, as `event`, for a row or alias named `replay`: the events of its range that its sink
 * has been given, and only those of the target's tenant if there is a target. What a lane has not reached is left to the lane, and what is
 * parked to its schedule or a redrive: a replay would make them first deliveries, out of order.
 */
export const REPLAYED = `
       outbox_events event
       join outbox_cursors cursor on cursor.sink = replay.sink and cursor.shard = event.shard
      where event.occurred_at >= replay.since
        and event.occurred_at < replay.until
        and (replay.target = '' or event.tenant = (select tenant from webhook_endpoints where id = replay.target))
        and (pg_visible_in_snapshot(event.txid, cursor.snapshot)
             or (cursor.target is not null
                 and pg_visible_in_snapshot(event.txid, cursor.target)
                 and (event.txid, event.position) <= (cursor.after_txid, cursor.after_position)))
        and (cursor.types is null or event.type = any (cursor.types))
        and not exists (
              select
                from outbox_parked parked
               where parked.sink = replay.sink
                 and parked.target = replay.target
                 and parked.aggregateid = event.aggregateid
                 and parked.sequence = event.sequence)`;
