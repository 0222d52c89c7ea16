import type { Queryable } from '../../postgres/database';

/** What an operator can act on. */
export interface Subject {
  readonly kind: 'checkout' | 'webhook' | 'redrive' | 'replay';
  readonly id: string;
}

/** Null if it concerns more than one tenant. */
const TENANT: Record<Subject['kind'], string> = {
  checkout: `select tenant from checkouts where id = $1`,
  webhook: `select tenant from webhook_endpoints where id = $1`,
  redrive: `select coalesce(checkout.tenant, endpoint.tenant) as tenant
              from outbox_redrives redrive
              left join checkouts checkout on checkout.id = redrive.checkout_id
              left join webhook_endpoints endpoint on endpoint.id = redrive.target
             where redrive.id = $1`,
  replay: `select endpoint.tenant
             from outbox_replays replay
             left join webhook_endpoints endpoint on endpoint.id = replay.target
            where replay.id = $1`,
};

/** The tenant that owns it; undefined if no single tenant does, or if it does not exist. */
export async function tenantOf(db: Queryable, { kind, id }: Subject): Promise<string | undefined> {
  const { rows } = await db.query<{ tenant: string | null }>(TENANT[kind], [id]);
  return rows[0]?.tenant ?? undefined;
}
