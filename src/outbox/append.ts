import type { CheckoutEvent } from '../domain/events';
import type { Transaction } from '../postgres/database';

/**
 * Announces what this very transaction changes of an order: the only way into the outbox. The caller holds the order's row lock,
 * so the numbers follow the order of the commits and have no gap: a rollback takes its numbers back.
 */
export async function append(tx: Transaction, checkoutId: string, events: readonly CheckoutEvent[]): Promise<void> {
  await tx.query(
    `with numbered as (
       update checkouts
          set event_count = event_count + $2
        where id = $1
       returning event_count - $2 as before
     )
     insert into outbox_events (aggregateid, sequence, type, payload)
     select $1, numbered.before + event.ordinality, event.value ->> 'type', event.value -> 'data'
       from numbered, jsonb_array_elements($3::jsonb) with ordinality as event`,
    [checkoutId, events.length, JSON.stringify(events)],
  );
}
