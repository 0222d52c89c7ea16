import type { Resumed } from '../../contract/checkout';
import type { AcceptedCheckout } from '../accept-checkout';
import type { Database, Transaction } from '../../postgres/database';
import { lockOrder } from '../../postgres/lock-order';
import type { Found } from './find-run';
import { leftToDo } from './left-to-do';
import type { Remains } from './left-to-do';

/** An order that has not ended: what it takes to look for its run. */
export interface Unended {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly idempotencyKey: string;
  /** How often it had been resumed when it was read. */
  readonly resumes: number;
}

/** An operator's act. */
export interface ResumeAct {
  /** Requests with the same id are the same act, which is done once. */
  readonly id: string;
  readonly reason: string;
  /** The key id of the operator. */
  readonly operator: string;
}

/** A claimed order: the claimant starts its next run. */
export interface Claimed {
  readonly checkout: AcceptedCheckout;
  readonly resumed: Resumed;
}

/**
 * Claims an order whose run was found closed or gone, unless since it was read it has ended or somebody else has claimed it. What the new
 * run needs to know is read under the order's lock, which every step and undo takes too.
 */
export async function claimResume(
  db: Database,
  { checkoutId, tenant, idempotencyKey, resumes }: Unended,
  { found, act }: { found: Found; act?: ResumeAct | undefined },
): Promise<Claimed | undefined> {
  return db.transaction(async (tx) => {
    await lockOrder(tx, checkoutId);
    const { rows } = await tx.query<{ number: number; request: AcceptedCheckout['request'] }>(
      `update checkouts
          set resumes = resumes + 1, resumed_at = now(), stranded_at = coalesce(stranded_at, now()),
              started_at = coalesce(started_at, now())
        where id = $1
          and resumes = $2
          and ended_at is null
       returning resumes as number, request`,
      [checkoutId, resumes],
    );
    const [row] = rows;
    if (!row) return undefined;
    await tx.query(
      `insert into resumes (checkout_id, number, found, id, reason, operator) values ($1, $2, $3, $4, $5, $6)`,
      [checkoutId, row.number, found, act?.id ?? null, act?.reason ?? null, act?.operator ?? null],
    );
    const checkout = { checkoutId, tenant, idempotencyKey, request: row.request };
    return { checkout, resumed: { number: row.number, ...leftToDo(await remainsOf(tx, checkoutId)) } };
  });
}

async function remainsOf(tx: Transaction, checkoutId: string): Promise<Remains> {
  const { rows } = await tx.query<Remains>(
    `select (select coalesce(json_agg(json_build_object(
                      'step', step, 'done', done_at is not null, 'undone', undone_at is not null)), '[]')
               from step_ledger where checkout_id = $1) as ledger,
            (select coalesce(json_agg(json_build_object('step', step, 'kind', kind, 'why', why) order by kind, step), '[]')
               from attention where checkout_id = $1 and kind in ('step', 'undo') and cleared_at is null) as open,
            array(select step from repairs where checkout_id = $1 and action = 'skip' and kind = 'step') as skipped,
            case when unwinding_at is not null
                 then json_build_object('because', refusal, 'sentence', refusal_sentence) end as unwinding
       from checkouts
      where id = $1`,
    [checkoutId],
  );
  const [row] = rows;
  if (!row) throw new Error(`Checkout ${checkoutId} was claimed, but is missing`);
  return row;
}
