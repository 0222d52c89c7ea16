import type { Role } from '../ports/providers';
import type { Queryable } from '../postgres/database';

/** How many orders of a tenant still need a provider. */
export interface Need {
  readonly role: Role;
  readonly tenant: string;
  readonly choice: string;
  readonly orders: number;
}

/** Of the orders that have not ended, and of those whose money is still held. Reads only these, however many there have been. */
export async function ordersNeed(db: Queryable, roles: readonly Role[]): Promise<Need[]> {
  const { rows } = await db.query<Need>(
    `with needing as (
       select tenant, chosen.role, chosen.choice
         from checkouts, jsonb_each_text(providers) chosen (role, choice)
        where ended_at is null
       union all
       select tenant, 'payments', providers ->> 'payments'
         from payments
         join checkouts on checkouts.id = payments.checkout_id
        where captured_at is null and voided_at is null
          and ended_at is not null and providers ? 'payments'
     )
     select role, tenant, choice, count(*)::integer as orders
       from needing
      where role = any ($1)
      group by role, tenant, choice
      order by role, tenant, choice`,
    [roles],
  );
  return rows;
}

/** Those whose orders can come at any moment, `*` aside. */
export async function tenantsWithKeys(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ tenant: string }>(
    `select distinct tenant from api_keys where revoked_at is null and tenant <> '*' order by tenant`,
  );
  return rows.map(({ tenant }) => tenant);
}
