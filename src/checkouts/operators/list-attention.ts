import { checkoutWorkflowId } from '../../contract/checkout';
import { EVERY_TENANT } from '../../domain/api-keys';
import type { CaseKind } from '../../domain/attention-kind';
import type { Step } from '../../domain/steps';
import type { Queryable } from '../../postgres/database';

/** Something that waits for an operator: what, why, since when, and the amount of its order (minor units; null before it is priced). */
export interface Attention {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly workflowId: string;
  readonly step: Step;
  readonly kind: CaseKind;
  readonly why: string;
  readonly since: string;
  readonly amount: number | null;
  readonly currency: string;
}

/** More than this is an outage, not a list to work through: repair the provider, and each settles with one retry. */
const MOST = 500;

/** Everything that waits, oldest first; for every tenant unless one is named. */
export async function listAttention(db: Queryable, tenant = EVERY_TENANT): Promise<Attention[]> {
  const { rows } = await db.query<Omit<Attention, 'workflowId' | 'since' | 'amount'> & Row>(
    `select attention.checkout_id as "checkoutId", checkout.tenant, checkout.idempotency_key as key, attention.step,
            attention.kind, attention.why, attention.raised_at as "raisedAt", orders.total_minor as minor,
            checkout.request ->> 'currency' as currency
       from attention
       join checkouts checkout on checkout.id = attention.checkout_id
       left join orders on orders.checkout_id = attention.checkout_id
      where attention.cleared_at is null
        and $2 in ('${EVERY_TENANT}', checkout.tenant)
      order by attention.raised_at
      limit $1`,
    [MOST, tenant],
  );
  return rows.map(({ key, raisedAt, minor, ...rest }) => ({
    ...rest,
    workflowId: checkoutWorkflowId(rest.tenant, key),
    since: raisedAt.toISOString(),
    amount: minor === null ? null : Number(minor),
  }));
}

interface Row {
  key: string;
  raisedAt: Date;
  minor: bigint | null;
}
