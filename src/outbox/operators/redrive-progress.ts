import type { Database, Queryable } from '../../postgres/database';
import { lockForOperators } from '../relay/redrive-lock';

/** The progress of a redrive, in events. `total` is the sum of the other three. */
export interface RedriveProgress {
  readonly id: string;
  readonly state: 'running' | 'stopped' | 'finished';
  readonly total: number;
  readonly done: number;
  /** Not tried yet; if the redrive was stopped, it never will be. */
  readonly remaining: number;
  /** Events of orders whose first event failed again: they are on their sink's schedule, or dead. */
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

/** What has not been tried yet is dead again. Harmless if the redrive has ended. */
export async function stopRedrive(db: Database, id: string, operator: string): Promise<RedriveProgress | undefined> {
  return db.transaction(async (tx) => {
    await lockForOperators(tx);
    const before = await redriveProgress(tx, id);
    if (before?.state !== 'running') return before;
    // The first event of an order may have been `behind` until the redrive reached it. Without attempts it would be `behind` nothing.
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
