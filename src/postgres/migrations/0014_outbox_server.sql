-- One row, which names this life of the server. Postgres empties an unlogged table whenever it recovers from its log: after a crash, as a
-- promoted standby, or restored from a backup. Those are the moments after which it may hand out transaction ids again, so that snapshots
-- from before mean something else. See src/outbox/log/server.ts.
create unlogged table outbox_server_life (
  only_row boolean primary key default true check (only_row),
  id uuid not null default gen_random_uuid()
);

-- The server on which the place was last held; unknown where that was before this migration, or where the role may not ask. And how often
-- the place could not be this server's, so that the lane was rewound to the beginning of the log: when last, and why.
alter table outbox_cursors
  add column system_identifier text,
  add column timeline integer,
  add column rewinds integer not null default 0,
  add column rewound_at timestamptz,
  add column rewind_reason text;
