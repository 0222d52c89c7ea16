import type { Queryable, Transaction } from './database';

/** Who decided what about a step of an order, and when. */
export interface Decision<Action extends string> {
  readonly id: string;
  readonly operator: string;
  readonly action: Action;
  readonly at: Date;
}

/** In the order in which they were made. */
export async function decisionsOn<Action extends string>(
  db: Queryable,
  { checkoutId, step }: { readonly checkoutId: string; readonly step: string },
): Promise<readonly Decision<Action>[]> {
  const { rows } = await db.query<Decision<Action>>(
    `select id, operator, action, done_at as at
       from repairs
      where checkout_id = $1
        and step = $2
      order by seen nulls first, done_at`,
    [checkoutId, step],
  );
  return rows;
}

interface Recorded {
  readonly id: string;
  readonly checkoutId: string;
  readonly step: string;
  readonly kind: string;
  readonly action: string;
  readonly reason: string;
  readonly operator: string;
  /** How many earlier decisions about the step the operator knew of. */
  readonly seen: number;
}

/** Writes a decision to the audit trail; false if its id is taken. Call it with the order locked. */
export async function recordDecision(tx: Transaction, decision: Recorded): Promise<boolean> {
  const { id, checkoutId, step, kind, action, reason, operator, seen } = decision;
  const { rowCount } = await tx.query(
    `insert into repairs (id, checkout_id, step, kind, action, reason, operator, seen) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do nothing`,
    [id, checkoutId, step, kind, action, reason, operator, seen],
  );
  return rowCount === 1;
}
