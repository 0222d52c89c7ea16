import type { Database, Queryable } from '../postgres/database';
import type { Logger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import type { WakeableLoop } from '../runtime/loop';
import { markAsked, takeDue } from './notices';
import type { Due } from './notices';
import { INBOX_ROLES } from './senders';

/** As many as one pass tells, all at the same time. */
const MOST_AT_ONCE = 20;
/** Whoever stores a notice wakes the loop. Only what a dead process left behind waits for it. */
const LOOK_REST_MS = 1_000;
/**
 * As many notices of one payment as its checkout is told of: each adds to the checkout's history, and a provider that never stops would fill
 * it. After that the payment is asked about at its own pace only.
 */
const MOST_NEWS = 100;

export interface NewsParts {
  readonly db: Database;
  /** Makes the checkout ask for its payment now. Does nothing if it has ended; throws while it cannot be told. */
  readonly tell: (order: Due) => Promise<void>;
  readonly logger: Logger;
}

/** Beside each API; any number of them may run concurrently. */
export const startPassingOnPaymentNews = (parts: NewsParts): WakeableLoop =>
  startLoop('payment-news', () => passOnPaymentNews(parts), {
    ...{ restMs: LOOK_REST_MS, full: 1, logger: parts.logger },
  });

/** Tells checkouts whose payment is undecided that there is news of it; returns of how many there were notices. */
export async function passOnPaymentNews({ db, tell, logger }: NewsParts): Promise<number> {
  const due = await takeDue(db, 'payments', MOST_AT_ONCE);
  if (due.length === 0) return 0;
  const undecided = await undecidedOf(db, due);
  const untold = new Set<string>();
  await Promise.all(
    due
      .filter(({ checkoutId }) => undecided.has(checkoutId))
      .map((order) =>
        tell(order).catch((err: unknown) => {
          untold.add(order.checkoutId);
          logger.warn({ err, checkoutId: order.checkoutId }, 'a checkout could not be told of its payment; it will be');
        }),
      ),
  );
  await markAsked(
    db,
    'payments',
    due.filter(({ checkoutId }) => !untold.has(checkoutId)),
  );
  return due.length;
}

/** Those whose payment has been neither authorized nor undone, so that somebody may wait for news. */
async function undecidedOf(db: Queryable, orders: readonly Due[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(
    `select id
       from checkouts
      where id = any ($1)
        and unwinding_at is null
        and not exists (select from step_ledger where checkout_id = id and step = $2)
        and (select count(*) from provider_notices where checkout_id = id and role = 'payments') <= $3`,
    [orders.map(({ checkoutId }) => checkoutId), INBOX_ROLES.payments, MOST_NEWS],
  );
  return new Set(rows.map(({ id }) => id));
}
