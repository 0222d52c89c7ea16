import type { CheckoutEvent } from '../domain/events';
import type { Transaction } from '../postgres/database';

/** A younger transaction has already appended events of this order, so this one must be retried: the retry is younger. */
export class AnnouncedOutOfTurn extends Error {
  constructor(checkoutId: string) {
    super(`A younger transaction has already appended events of ${checkoutId}: retry this one`);
    this.name = 'AnnouncedOutOfTurn';
  }
}

/**
 * The parts of an `update checkouts` that number events (JSON text in the parameter `events`), and the insert that appends them with what
 * the update returned. For statements that change an order and append its events together; they hold the order's lock.
 */
export const numbering = (events: string) => ({
  set: `event_count = event_count + jsonb_array_length(${events}::jsonb), last_event_txid = pg_current_xact_id()`,
  inTurn: `(last_event_txid is null or last_event_txid <= pg_current_xact_id())`,
  returning: `id, tenant, traceparent, event_count - jsonb_array_length(${events}::jsonb) as events_before`,
  announce: (numbered: string) =>
    `insert into outbox_events (aggregateid, sequence, type, payload, tenant, traceparent)
     select id, events_before + event.ordinality, event.value ->> 'type', event.value -> 'data', tenant, traceparent
       from ${numbered}, jsonb_array_elements(${events}::jsonb) with ordinality as event
      order by event.ordinality`,
});

const { set, inTurn, returning, announce } = numbering('$2');

const APPEND = `with numbered as (
       update checkouts
          set ${set}
        where id = $1
          and ${inTurn}
       returning ${returning}
     )
     ${announce('numbered')}`;

/**
 * Appends events about what this transaction changes: with `numbering`, the only way into the outbox. The caller holds the order's row
 * lock, so the numbers follow the order of the commits and have no gap: a rollback takes its numbers back.
 *
 * Relays deliver a page by age of transaction, so each event of an order must come from a younger transaction than the one before. That
 * holds if `lockOrder` is a transaction's first act. One that wrote before it waited for the lock may be too old: `AnnouncedOutOfTurn`.
 */
export async function append(tx: Transaction, checkoutId: string, events: readonly CheckoutEvent[]): Promise<void> {
  if (events.length === 0) return;
  const { rowCount } = await tx.query(APPEND, [checkoutId, JSON.stringify(events)]);
  if (rowCount !== events.length) throw new AnnouncedOutOfTurn(checkoutId);
}
