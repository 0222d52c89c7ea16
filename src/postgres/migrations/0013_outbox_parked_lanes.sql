-- Whether a lane has anything parked is asked with each page.
create index outbox_parked_lanes on outbox_parked (sink, shard);
