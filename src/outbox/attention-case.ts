import type { CaseKind } from '../domain/attention-kind';
import type { Step } from '../domain/steps';
import type { Transaction } from '../postgres/database';
import { append } from './append';

/** What operators are called for: of each step there may be one case of each kind. */
export interface AttentionCase {
  readonly checkoutId: string;
  readonly step: Step;
  readonly kind: CaseKind;
}

/** Calls operators, and returns false if the case was open. Call it with the order locked. */
export async function openCase(
  tx: Transaction,
  { checkoutId, step, kind }: AttentionCase,
  why: string,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into attention (checkout_id, step, kind, why) values ($1, $2, $3, $4)
     on conflict (checkout_id, step, kind) do update
        set why = excluded.why, raised_at = now(), cleared_at = null
      where attention.cleared_at is not null`,
    [checkoutId, step, kind, why],
  );
  if (rowCount === 0) return false;
  await append(tx, checkoutId, [{ type: 'attention.raised', data: { step, kind } }]);
  return true;
}

/** Closes one case of a step; its other kinds may stay open. Returns false if it was not open. Call it with the order locked. */
export async function closeCase(tx: Transaction, { checkoutId, step, kind }: AttentionCase): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update attention
        set cleared_at = now()
      where checkout_id = $1
        and step = $2
        and kind = $3
        and cleared_at is null`,
    [checkoutId, step, kind],
  );
  if (rowCount === 0) return false;
  await append(tx, checkoutId, [{ type: 'attention.cleared', data: { step, kind } }]);
  return true;
}
