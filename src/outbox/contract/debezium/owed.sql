-- How many events from before the slot the relay's Kafka sink has not delivered: psql -v snapshot='<what publication.sql printed last>'.
-- At 0 the sink may stop.
select (select count(*)
          from outbox_events event
          join outbox_cursors cursor on cursor.sink = 'kafka' and cursor.shard = event.shard
         where pg_visible_in_snapshot(event.txid, :'snapshot'::pg_snapshot)
           and not pg_visible_in_snapshot(event.txid, cursor.snapshot))
     + (select count(*) from outbox_parked where sink = 'kafka') as owed;
