import { numbering } from '../src/outbox/append';
import type { OwnRows } from '../src/ports/own-rows';
import { LOCKED_AT_ONCE } from '../src/postgres/lock-order';

/** What a step writes beside its ledger row and its events. Its own parameters begin at `$5`. */
export interface StepRows extends Partial<Pick<OwnRows, 'rows'>> {
  /** The checkout's columns that it changes, as in `update … set`. */
  readonly sets?: string;
}

/** The text of a step's statement, with what a port adds to it. */
export type StepStatement = (own?: OwnRows) => string;

const { set, inTurn, returning, announce } = numbering('$4');

/**
 * A step as one statement: the order's lock, the ledger row, the events and the step's rows. It writes all of them or, if anything is
 * unusual, none. It runs in a transaction of its own, or in one that already holds the lock. Parameters: checkout, step, result and events
 * as JSON.
 *
 * It sees the other tables as they were when it began. If another attempt has committed since, the ledger's primary key fails the whole
 * statement.
 */
export function stepStatement(step: StepRows): StepStatement {
  const texts = new Map<OwnRows | undefined, string>();
  return (own) => {
    const text = texts.get(own) ?? textOf(step, own);
    texts.set(own, text);
    return text;
  };
}

const textOf = ({ sets, rows }: StepRows, own?: OwnRows): string =>
  `with mine as (
     update checkouts
        set ${[set, sets].filter(Boolean).join(', ')}
      where id = $1
        and ${LOCKED_AT_ONCE}
        and ${inTurn}
        and coalesce(cancel_requested_at, unwinding_at, ended_at) is null
        and not exists (select from step_ledger where checkout_id = $1 and step = $2)
        and not exists (select from attention where checkout_id = $1 and step = $2 and cleared_at is null)
        ${own?.provided === undefined ? '' : `and ${own.provided}`}
     returning ${returning}, request, $3::jsonb as result
   ), kept as (
     insert into step_ledger (checkout_id, step, result, done_at)
     select id, $2, result, now() from mine
   )${Object.entries({ announced: announce('mine'), ...rows, ...own?.rows })
     .map(([name, statement]) => `, ${name} as (${statement})`)
     .join('')}
   select from mine`;
