import type { Queryable } from '../postgres/database';
import { eventViewOf } from './event-view';
import type { CheckoutEventView, EventRow } from './event-view';
import { NEXT_ACTION, nextActionOf } from './next-action';
import type { NextAction } from './next-action';

/** More than a whole checkout has, undone or not. */
const MOST_OF_A_CHECKOUT = 20;
/** Together with the page size this keeps a poll to a few hundred kilobytes, and its query cheap for everybody else. */
const MOST_CHECKOUTS = 100;

/**
 * No event is older than its checkout, so earlier days of the log need not be read. The API's clock sets one time and Postgres the other:
 * they never differ by as much as a day, and a day costs one partition.
 */
const CLOCKS_APART_DAYS = 1;

/** What is new about a checkout. */
export interface EventPage {
  readonly checkoutId: string;
  readonly events: readonly CheckoutEventView[];
  /** The number of its latest event, which may be beyond this page. */
  readonly last: number;
  /** True if the checkout has ended: only its capture may still follow. */
  readonly ended: boolean;
  /** What its customer has to do now. */
  readonly nextAction: NextAction | null;
  /** Once this page is handed on, no event up to this number is missing. */
  readonly upTo: number;
}

interface Row {
  checkoutId: string;
  events: EventRow[];
  last: bigint;
  ended: boolean;
  nextAction: NextAction | null;
  hasWaited: boolean;
}

/**
 * The next events of each checkout after the given number, and which checkouts have ended; from one snapshot, so an end never arrives
 * before its events. If there is more than fits, the oldest comes first, so that no follower starves.
 */
export async function nextEvents(
  db: Queryable,
  after: ReadonlyMap<string, number>,
): Promise<{ pages: EventPage[]; more: boolean }> {
  const { rows } = await db.query<Row>(
    `select followed.id as "checkoutId", coalesce(page.events, '[]') as events,
            checkout.event_count as last, checkout.ended_at is not null as ended, ${NEXT_ACTION} as "nextAction",
            exists (select from payment_waits where checkout_id = checkout.id) as "hasWaited"
       from unnest($1::text[], $2::bigint[]) as followed (id, after)
       join checkouts checkout
         on checkout.id = followed.id
        and (checkout.event_count > followed.after or checkout.ended_at is not null)
      cross join lateral (
        select min(occurred_at) as oldest,
               json_agg(json_build_object('sequence', sequence, 'type', type, 'at', occurred_at, 'data', payload)
                        order by sequence) as events
          from (
            select sequence, type, occurred_at, payload
              from outbox_events
             where aggregateid = followed.id
               and sequence > followed.after
               and occurred_at >= checkout.accepted_at - $5 * interval '1 day'
             order by sequence
             limit $3
          ) next
      ) page
      order by page.oldest nulls first
      limit $4`,
    [[...after.keys()], [...after.values()], MOST_OF_A_CHECKOUT, MOST_CHECKOUTS, CLOCKS_APART_DAYS],
  );
  const pages = rows.map(({ checkoutId, ended, ...row }) => {
    const events = row.events.map((event) => eventViewOf(event, row.hasWaited));
    const last = Number(row.last);
    const nextAction = nextActionOf(row.nextAction);
    return { checkoutId, ended, events, last, nextAction, upTo: events.at(-1)?.sequence ?? last };
  });
  return { pages, more: pages.length === MOST_CHECKOUTS || pages.some(({ upTo, last }) => upTo < last) };
}
