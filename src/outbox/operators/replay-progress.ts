import type { Queryable } from '../../postgres/database';

/** The progress of a replay, in events. */
export interface ReplayProgress {
  readonly id: string;
  /** `waiting`: for a relay that has the sink, or for an earlier replay. */
  readonly state: 'waiting' | 'running' | 'stopped' | 'finished';
  readonly total: number;
  readonly done: number;
  /** How many of these the sink refused for good. */
  readonly refused: number;
  /** Why it makes no progress at the moment. */
  readonly failure: string | null;
}

export async function replayProgress(db: Queryable, id: string): Promise<ReplayProgress | undefined> {
  const { rows } = await db.query<ReplayProgress>(
    `select id, total, done, refused, failure,
            case when finished_at is not null then 'finished'
                 when stopped_at is not null then 'stopped'
                 when epoch > 0 then 'running'
                 else 'waiting' end as state
       from outbox_replays
      where id = $1`,
    [id],
  );
  return rows[0];
}

/** Nothing more is delivered. Harmless if the replay has ended. */
export async function stopReplay(db: Queryable, id: string, operator: string): Promise<ReplayProgress | undefined> {
  await db.query(
    `update outbox_replays
        set stopped_at = now(), stopped_by = $2
      where id = $1
        and finished_at is null
        and stopped_at is null`,
    [id, operator],
  );
  return replayProgress(db, id);
}
