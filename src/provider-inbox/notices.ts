import type { Database, Queryable } from '../postgres/database';
import { startLoop } from '../runtime/loop';
import type { Logger } from '../runtime/logger';
import type { InboxRole } from './senders';

/** Longer than a call takes. A provider that is away is asked again after it, for as long as that takes. */
const ASK_AGAIN_SECONDS = 30;
const KEPT_DAYS = 30;
/** A batch is deleted in a fraction of a second. */
const FORGET_BATCH = 1_000;
const FORGET_REST_MS = 60_000;

/** An order of which a notice came in. */
export interface Due {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly idempotencyKey: string;
}

/** Takes up to `most` notices that nobody has acted on. Two about one order are one. */
export async function takeDue(db: Queryable, role: InboxRole, most: number): Promise<Due[]> {
  const { rows } = await db.query<Due>(
    `with due as (
       select source, role, notice_id
         from provider_notices
        where asked_at is null
          and next_ask_at <= now()
          and role = $1
        order by next_ask_at
        limit $2
          for update skip locked
     ), taken as (
       update provider_notices notice
          set next_ask_at = now() + make_interval(secs => $3)
         from due
        where (notice.source, notice.role, notice.notice_id) = (due.source, due.role, due.notice_id)
       returning notice.checkout_id
     )
     select id as "checkoutId", tenant, idempotency_key as "idempotencyKey"
       from checkouts
      where id in (select checkout_id from taken)`,
    [role, most, ASK_AGAIN_SECONDS],
  );
  return rows;
}

/** Only those that had come in before we acted: a later one may be about what happened since. */
export async function markAsked(db: Queryable, role: InboxRole, orders: readonly Due[]): Promise<void> {
  await db.query(
    `update provider_notices
        set asked_at = now()
      where checkout_id = any ($1)
        and role = $2
        and asked_at is null
        and next_ask_at > now()`,
    [orders.map(({ checkoutId }) => checkoutId), role],
  );
}

/** Deletes notices so old that nobody repeats them any more. */
export const startForgettingNotices = (db: Database, logger: Logger) =>
  startLoop('forget-notices', () => forgetNotices(db), { restMs: FORGET_REST_MS, full: FORGET_BATCH, logger });

async function forgetNotices(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `delete from provider_notices
      where ctid = any (array(
              select ctid
                from provider_notices
               where received_at < now() - make_interval(days => $1)
                 and asked_at is not null
               order by received_at
               limit $2))`,
    [KEPT_DAYS, FORGET_BATCH],
  );
  return rowCount ?? 0;
}
