import { numbering } from '../src/outbox/append';
import { LOCKED_AT_ONCE } from '../src/postgres/lock-order';

/** What a step writes beside its ledger row and its events. */
export interface StepRows {
  /** Columns of the checkout that it changes, as an update sets them. */
  readonly sets?: string;
  /** Without this nothing is written. Seen without a lock: it spares an attempt that would fail, and is no proof. */
  readonly provided?: string;
  /**
   * Statements by name, each for the rows of one table. They read the order from `mine`, which has its `id`, `tenant` and `request` and the
   * step's `result`, and each other's returned rows. Parameters of their own begin with `$5`.
   */
  readonly rows: Readonly<Record<string, string>>;
}

const { set, inTurn, returning, announce } = numbering('$4');

/**
 * A step as one statement: order's lock, ledger row, events and rows, all of them or, where anything is not as usual, none. It is its own
 * transaction, or one that has the lock already. Parameters: checkout, step, result and events as JSON.
 *
 * It sees the other tables as they were when it began. Where another attempt has committed since, the ledger's primary key ends it with
 * everything it did.
 */
export const stepStatement = ({ sets, provided, rows }: StepRows): string =>
  `with mine as (
     update checkouts
        set ${[set, sets].filter(Boolean).join(', ')}
      where id = $1
        and ${LOCKED_AT_ONCE}
        and ${inTurn}
        and coalesce(cancel_requested_at, unwinding_at, ended_at) is null
        and not exists (select from step_ledger where checkout_id = $1 and step = $2)
        and not exists (select from attention where checkout_id = $1 and step = $2 and cleared_at is null)
        ${provided === undefined ? '' : `and ${provided}`}
     returning ${returning}, request, $3::jsonb as result
   ), kept as (
     insert into step_ledger (checkout_id, step, result, done_at)
     select id, $2, result, now() from mine
   ), announced as (
     ${announce('mine')}
   ), ${Object.entries(rows)
     .map(([name, statement]) => `${name} as (${statement})`)
     .join(', ')}
   select from mine`;
