import type { Database, Queryable, Transaction } from '../postgres/database';
import { operatorsTurn } from './redrive-turns';
import type { Parcel } from './sink';

/** How far a redrive has got, in events. `total` is the sum of the other three. */
export interface RedriveProgress {
  readonly id: string;
  readonly state: 'running' | 'stopped' | 'finished';
  readonly total: number;
  readonly done: number;
  /** Not tried yet; once it is stopped, never by this redrive. */
  readonly remaining: number;
  /** Of orders whose first event failed again: they are on their sink's schedule, or dead. */
  readonly failedAgain: number;
}

export async function redriveProgress(db: Queryable, id: string): Promise<RedriveProgress | undefined> {
  const { rows } = await db.query<{ total: number; failedAgain: number; untried: number | null; parked: number }>(
    `select total, failed_again as "failedAgain", untried,
            (select count(*)::integer from outbox_parked where redrive_id = redrive.id) as parked
       from outbox_redrives redrive
      where id = $1`,
    [id],
  );
  return rows.map(({ total, failedAgain, untried, parked }): RedriveProgress => {
    const remaining = untried ?? parked;
    const state = untried !== null ? 'stopped' : remaining === 0 ? 'finished' : 'running';
    return { id, state, total, done: total - failedAgain - remaining, remaining, failedAgain };
  })[0];
}

/** What was not tried yet is dead again. Stopping what has ended changes nothing. */
export async function stopRedrive(db: Database, id: string, operator: string): Promise<RedriveProgress | undefined> {
  return db.transaction(async (tx) => {
    await operatorsTurn(tx);
    const before = await redriveProgress(tx, id);
    if (before?.state !== 'running') return before;
    // The first of an order may be one that stood behind until the redrive came to it: without attempts it would stand behind nothing.
    const { rowCount } = await tx.query(
      `update outbox_parked
          set redrive_id = null, next_attempt_at = null,
              attempts = case when next_attempt_at is null then attempts else greatest(attempts, 1) end,
              reason = case when next_attempt_at is null or attempts > 0 then reason else 'Its redrive was stopped' end
        where redrive_id = $1`,
      [id],
    );
    await tx.query(`update outbox_redrives set stopped_at = now(), stopped_by = $2, untried = $3 where id = $1`, [
      ...[id, operator, rowCount],
    ]);
    return redriveProgress(tx, id);
  });
}

/** These orders have failed again: whatever redrive they were in is through with them. */
export async function endRedrives(tx: Transaction, sink: string, failed: readonly Parcel[]): Promise<void> {
  if (failed.length === 0) return;
  const { rows } = await tx.query<{ id: string; events: number }>(
    `with ended as (
       update outbox_parked parked
          set redrive_id = null
         from outbox_parked before
         join unnest($2::text[], $3::text[]) as failed (target, aggregateid) using (target, aggregateid)
        where before.sink = $1
          and before.redrive_id is not null
          and parked.sink = before.sink
          and parked.target = before.target
          and parked.aggregateid = before.aggregateid
          and parked.sequence = before.sequence
       returning before.redrive_id as id
     )
     select id, count(*)::integer as events
       from ended
      group by id
      order by id`,
    [sink, failed.map(({ target }) => target), failed.map(({ event }) => event.checkoutId)],
  );
  // In the same order in all lanes, so that they wait for each other in a row and not in a circle.
  for (const { id, events } of rows) {
    await tx.query(`update outbox_redrives set failed_again = failed_again + $2 where id = $1`, [id, events]);
  }
}
