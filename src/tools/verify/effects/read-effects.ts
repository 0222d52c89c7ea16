import type { Queryable } from '../../../postgres/database';
import { pagesOf } from '../pages';
import type { Order } from './judge-effects';
import type { Trace, Traces } from './trace';

type Row = Omit<Order, 'ledger' | 'own'> & {
  readonly ledger: Readonly<Record<string, { readonly doneAt: number | null; readonly undoneAt: number | null }>>;
  readonly created: boolean;
  readonly cancelled: boolean;
  readonly reservations: number;
  readonly released: number;
  readonly lines: number;
  readonly awarded: boolean;
  readonly revoked: boolean;
};

/** All checkouts with what their steps left in Postgres. */
export async function* readEffects(db: Queryable): AsyncGenerator<Order> {
  for await (const row of pagesOf<Row>(db, QUERY)) {
    const { checkoutId, state, endedAt, providers, byHand, parked, ledger } = row;
    yield { checkoutId, state, endedAt, providers, byHand, parked, own: ownTraces(row), ledger: momentsOf(ledger) };
  }
}

const QUERY = `
  select checkout.id as "checkoutId", checkout.state, checkout.ended_at as "endedAt", checkout.providers,
         orders.checkout_id is not null as created, orders.cancelled_at is not null as cancelled,
         (select count(*)::integer from order_lines where checkout_id = checkout.id) as lines,
         (select count(*)::integer from stock_reservations where checkout_id = checkout.id) as reservations,
         (select count(*)::integer from stock_reservations where checkout_id = checkout.id and state = 'released') as released,
         award.checkout_id is not null as awarded, award.revoked_at is not null as revoked,
         coalesce((select json_object_agg(step, json_build_object(
                     'doneAt', extract(epoch from done_at) * 1000, 'undoneAt', extract(epoch from undone_at) * 1000))
                     from step_ledger where checkout_id = checkout.id), '{}') as ledger,
         array(select step from repairs
                where checkout_id = checkout.id and action in ('skip', 'resolve') and kind in ('step', 'undo')
               union
               select step from attention
                where checkout_id = checkout.id and kind = 'fulfillment' and step = 'fulfillment-triggered') as "byHand",
         array(select step from attention where checkout_id = checkout.id and kind = 'undo') as parked
    from checkouts checkout
    left join orders on orders.checkout_id = checkout.id
    left join loyalty_awards award on award.checkout_id = checkout.id
   where checkout.id > $1
   order by checkout.id
   limit $2`;

/** A reservation of some lines counts as a fraction, which is neither done nor undone once. */
const ownTraces = ({ created, cancelled, reservations, released, lines, awarded, revoked }: Row): Traces => ({
  'order-created': { done: Number(created), undone: Number(cancelled) },
  'stock-reserved': { done: shareOf(reservations, lines), undone: shareOf(released, lines) },
  'loyalty-awarded': { done: Number(awarded), undone: Number(revoked) },
});

const shareOf = (count: number, lines: number): number => (lines === 0 ? 0 : count / lines);

function momentsOf(ledger: Row['ledger']): Traces {
  const traces = Object.entries(ledger).map(([step, { doneAt, undoneAt }]): [string, Trace] => [
    step,
    {
      done: Number(doneAt !== null),
      undone: Number(undoneAt !== null),
      ...(doneAt !== null && { doneAt }),
      // A tombstone is the undo of a step that had not happened: it has its place in the order too.
      ...(undoneAt !== null && { undoneAt }),
    },
  ]);
  return Object.fromEntries(traces);
}
