import type { CheckoutState } from '../domain/checkout-states';
import type { Queryable } from '../postgres/database';
import { viewOf, wholeViewOf } from './checkout-view';
import type { CheckoutRow, CheckoutView, WholeCheckout } from './checkout-view';
import { NEXT_ACTION } from './next-action';
import type { NextAction } from './next-action';

const COLUMNS = `
  select checkout.id, checkout.state, checkout.accepted_at as "acceptedAt", checkout.ended_at as "endedAt",
         checkout.unwinding_at is not null as unwinding, checkout.request ->> 'currency' as currency,
         checkout.request -> 'items' as items, checkout.refusal, checkout.refusal_sentence as sentence,
         orders.total_minor as total,
         (select json_agg(json_build_object('sku', sku, 'quantity', quantity, 'unitPrice', unit_minor) order by sku)
            from order_lines where checkout_id = checkout.id) as lines,
         (select json_agg(json_build_object('step', step, 'done', done_at, 'undone', undone_at))
            from step_ledger where checkout_id = checkout.id) as ledger,
         (select json_agg(step) from attention
           where checkout_id = checkout.id and kind = 'undo' and cleared_at is null) as parked`;

const FROM = `
    from checkouts checkout
    left join orders on orders.checkout_id = checkout.id`;

/** One checkout of a tenant (of any tenant for `*`); undefined too if it belongs to another tenant. */
export async function readCheckout(db: Queryable, tenant: string, id: string): Promise<WholeCheckout | undefined> {
  const { rows } = await db.query<CheckoutRow & { nextAction: NextAction | null }>(
    `${COLUMNS}, ${NEXT_ACTION} as "nextAction" ${FROM}
      where checkout.id = $1
        and $2 in (checkout.tenant, '*')`,
    [id, tenant],
  );
  return rows[0] && wholeViewOf(rows[0]);
}

export interface CheckoutPage {
  readonly checkouts: readonly CheckoutView[];
  /** Where the next page begins; null on the last one. */
  readonly next: { acceptedAt: Date; id: string } | null;
}

/** A tenant's checkouts, newest first, by keyset: new checkouts do not shift the pages. What a customer has to do is not in a list. */
export async function listCheckouts(
  db: Queryable,
  query: { tenant: string; state: CheckoutState | null; limit: number; after: { acceptedAt: Date; id: string } | null },
): Promise<CheckoutPage> {
  const { tenant, state, limit, after } = query;
  const { rows } = await db.query<CheckoutRow>(
    `${COLUMNS} ${FROM}
      where $1 in (checkout.tenant, '*')
        and ($2::text is null or checkout.state = $2)
        and ($3::timestamptz is null or (checkout.accepted_at, checkout.id) < ($3, $4))
      order by checkout.accepted_at desc, checkout.id desc
      limit $5`,
    [tenant, state, after?.acceptedAt ?? null, after?.id ?? null, limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { checkouts: page.map(viewOf), next: rows.length > limit && last ? last : null };
}
