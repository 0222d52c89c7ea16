import { numbering } from '../src/outbox/append';
import { LOCKED_AT_ONCE } from '../src/postgres/lock-order';

/** What a step writes beside its ledger row and its events. */
export interface StepRows {
  /** The checkout's columns that it changes, as in `update … set`. */
  readonly sets?: string;
  /** A condition without which nothing is written. It is read without a lock, so it proves nothing and only saves an attempt that would fail. */
  readonly provided?: string;
  /**
   * Statements by name, each for the rows of one table. They read the order from `mine`, which has its `id`, `tenant` and `request` and the
   * step's `result`, and they may read each other's returned rows. Their own parameters begin at `$5`.
   */
  readonly rows: Readonly<Record<string, string>>;
}

const { set, inTurn, returning, announce } = numbering('$4');

/**
 * A step as one statement: the order's lock, the ledger row, the events and the step's rows. It writes all of them or, if anything is
 * unusual, none. It runs in a transaction of its own, or in one that already holds the lock. Parameters: checkout, step, result and events
 * as JSON.
 *
 * It sees the other tables as they were when it began. If another attempt has committed since, the ledger's primary key fails the whole
 * statement.
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
