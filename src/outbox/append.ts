import type { CheckoutEvent } from '../domain/events';
import type { Transaction } from '../postgres/database';

/** A younger transaction has announced something of this order already: this one has to be run again, as a younger one. */
export class AnnouncedOutOfTurn extends Error {
  constructor(checkoutId: string) {
    super(`A younger transaction has announced events of ${checkoutId}: run this one again`);
    this.name = 'AnnouncedOutOfTurn';
  }
}

/**
 * Announces what this very transaction changes of an order: the only way into the outbox. The caller holds the order's row lock,
 * so the numbers follow the order of the commits and have no gap: a rollback takes its numbers back.
 *
 * Relays hand out what they find at once by age of transaction, so an order's events must come from ever younger ones. They do where
 * `lockOrder` is a transaction's first act. One that wrote before it waited for the lock may be too old: `AnnouncedOutOfTurn`.
 */
export async function append(tx: Transaction, checkoutId: string, events: readonly CheckoutEvent[]): Promise<void> {
  if (events.length === 0) return;
  const { rowCount } = await tx.query(
    `with numbered as (
       update checkouts
          set event_count = event_count + $2, last_event_txid = pg_current_xact_id()
        where id = $1
          and (last_event_txid is null or last_event_txid <= pg_current_xact_id())
       returning event_count - $2 as before, tenant, traceparent
     )
     insert into outbox_events (aggregateid, sequence, type, payload, tenant, traceparent)
     select $1, numbered.before + event.ordinality, event.value ->> 'type', event.value -> 'data', tenant, traceparent
       from numbered, jsonb_array_elements($3::jsonb) with ordinality as event
      order by event.ordinality`,
    [checkoutId, events.length, JSON.stringify(events)],
  );
  if (rowCount !== events.length) throw new AnnouncedOutOfTurn(checkoutId);
}
