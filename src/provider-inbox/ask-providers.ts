import type { FulfillmentAnswer } from '../ports/warehouse';
import type { Unseen } from '../ports/payment-gateway';
import { providerKey } from '../ports/provider-key';
import type { ProviderOf } from '../ports/providers';
import type { Database, Queryable } from '../postgres/database';
import type { Logger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import { INBOX_ROLES } from './provider-inbox';
import { noteRefusal, takeBackRefusal } from './refused-later';

/** As many as one pass asks about, one after another: a warehouse refuses now and then. */
const MOST_AT_ONCE = 20;
/** Longer than a call takes. A provider that is away is asked again after it, for as long as that takes. */
const ASK_AGAIN_SECONDS = 30;
const KEPT_DAYS = 30;
/** A batch is deleted in a fraction of a second. */
const FORGET_BATCH = 1_000;

interface Due {
  readonly checkoutId: string;
  readonly tenant: string;
}

interface Parts {
  readonly db: Database;
  readonly providerOf: ProviderOf;
  readonly logger: Logger;
}

const ASK_REST_MS = 1_000;
const FORGET_REST_MS = 60_000;

/** Beside each worker; any number of them may run concurrently. */
export function startAskingProviders(parts: Parts) {
  const { db, logger } = parts;
  const loops = [
    startLoop('ask-providers', () => askProviders(parts), { restMs: ASK_REST_MS, full: MOST_AT_ONCE, logger }),
    startLoop('forget-notices', () => forgetNotices(db), { restMs: FORGET_REST_MS, full: FORGET_BATCH, logger }),
  ];
  return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}

/** Asks warehouses what has become of the fulfillments of which a notice came in, and acts on the answers; returns how many it asked about. */
export async function askProviders({ db, providerOf, logger }: Parts): Promise<number> {
  const due = await takeDue(db);
  for (const order of due) {
    try {
      if (await isSettled(db, providerOf, order)) await markAsked(db, order);
    } catch (err) {
      // One that fails holds up no other.
      logger.warn({ err, checkoutId: order.checkoutId }, 'a warehouse could not be asked; it will be again');
    }
  }
  return due.length;
}

/** False if the step is still to be recorded: its own attempt is about to hear the same. */
async function isSettled(db: Database, providerOf: ProviderOf, order: Due): Promise<boolean> {
  const warehouse = await providerOf('warehouse', order);
  const key = providerKey(order.checkoutId, INBOX_ROLES.warehouse);
  const answer: FulfillmentAnswer | Unseen = (await warehouse.find?.({ key })) ?? { outcome: 'unseen' };
  if (answer.outcome === 'refused') return noteRefusal(db, order.checkoutId, answer.reason);
  if (answer.outcome === 'triggered' || answer.outcome === 'accepted') await takeBackRefusal(db, order.checkoutId);
  return true;
}

/** Two notices about one order are one question. */
async function takeDue(db: Queryable): Promise<Due[]> {
  const { rows } = await db.query<Due>(
    `with due as (
       select source, role, notice_id
         from provider_notices
        where asked_at is null
          and next_ask_at <= now()
        order by next_ask_at
        limit $1
          for update skip locked
     ), taken as (
       update provider_notices notice
          set next_ask_at = now() + make_interval(secs => $2)
         from due
        where (notice.source, notice.role, notice.notice_id) = (due.source, due.role, due.notice_id)
       returning notice.checkout_id
     )
     select id as "checkoutId", tenant from checkouts where id in (select checkout_id from taken)`,
    [MOST_AT_ONCE, ASK_AGAIN_SECONDS],
  );
  return rows;
}

/** Only those that had come in before we asked: a later one may be about what happened since. */
async function markAsked(db: Queryable, { checkoutId }: Due): Promise<void> {
  await db.query(
    `update provider_notices
        set asked_at = now()
      where checkout_id = $1
        and asked_at is null
        and next_ask_at > now()`,
    [checkoutId],
  );
}

/** Deletes a batch of notices so old that nobody repeats them any more; returns how many. */
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
