import type { Transaction } from '../../postgres/database';
import type { Parcel } from '../sink';

/** These orders have failed again, which ends their part in any redrive. */
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
  // In the same order in all lanes, so that they cannot deadlock.
  for (const { id, events } of rows) {
    await tx.query(`update outbox_redrives set failed_again = failed_again + $2 where id = $1`, [id, events]);
  }
}
