import { randomUUID } from 'node:crypto';
import type { Database } from '../postgres/database';
import { AddressRefused, admit } from './address-guard';
import type { AddressRules } from './address-guard';
import { newSecret } from './signature';

export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
  readonly disabledWhy: string | null;
}

export type Creation =
  | { readonly outcome: 'created' | 'found'; readonly endpoint: Endpoint }
  | { readonly outcome: 'refused'; readonly sentence: string }
  | { readonly outcome: 'too-many' };

/** Each event goes to all of them: this bounds what one tenant's order can cost. */
const MOST_OF_A_TENANT = 20;

export const ENDPOINT_COLUMNS = `id, url, secret, created_at as "createdAt", disabled_at as "disabledAt",
  disabled_why as "disabledWhy"`;

/** The endpoints of tenants, as they manage them. Nobody sees or touches another's. */
export const webhookEndpoints = (db: Database, rules: AddressRules) => ({
  /** Finds the endpoint that is there already, with its secret; one that was disabled is enabled by it. */
  async create(tenant: string, address: string): Promise<Creation> {
    try {
      const { url } = await admit(address, rules);
      return await insert(db, tenant, url.href);
    } catch (error) {
      if (error instanceof AddressRefused) return { outcome: 'refused', sentence: error.message };
      throw error;
    }
  },

  /** Oldest first. */
  async list(tenant: string): Promise<Endpoint[]> {
    const { rows } = await db.query<Endpoint>(
      `select ${ENDPOINT_COLUMNS}
         from webhook_endpoints
        where tenant = $1
        order by created_at, id`,
      [tenant],
    );
    return rows;
  },

  async find(tenant: string, id: string): Promise<Endpoint | undefined> {
    const { rows } = await db.query<Endpoint>(
      `select ${ENDPOINT_COLUMNS}
         from webhook_endpoints
        where tenant = $1
          and id = $2`,
      [tenant, id],
    );
    return rows[0];
  },

  /** Whether it was there. What still waits for it is wanted by nobody then. */
  async remove(tenant: string, id: string): Promise<boolean> {
    const { rowCount } = await db.query(`delete from webhook_endpoints where tenant = $1 and id = $2`, [tenant, id]);
    return rowCount === 1;
  },
});

/** Those of a tenant are created one after the other: two that counted at once would both find room for one. */
const TENANTS_TURN = `select pg_advisory_xact_lock(hashtext('webhook-endpoints'), hashtext($1))`;

async function insert(db: Database, tenant: string, url: string): Promise<Creation> {
  const id = `whe_${randomUUID().replaceAll('-', '')}`;
  const { rows } = await db.transaction(async (tx) => {
    // A statement of its own: one that waited for the lock would count what was there before the wait.
    await tx.first.query(TENANTS_TURN, [tenant]);
    return tx.query<Endpoint>(
      `insert into webhook_endpoints (id, tenant, url, secret)
       select $1, $2, $3, $4
        where (select count(*) from webhook_endpoints where tenant = $2 and url <> $3) < $5
       on conflict (tenant, url) do update
          -- What was announced while it was disabled is not owed to it.
          set created_at = case when webhook_endpoints.disabled_at is null then webhook_endpoints.created_at else now() end,
              disabled_at = null, disabled_why = null
       returning ${ENDPOINT_COLUMNS}`,
      [id, tenant, url, newSecret(), MOST_OF_A_TENANT],
    );
  });
  const endpoint = rows[0];
  if (!endpoint) return { outcome: 'too-many' };
  return { outcome: endpoint.id === id ? 'created' : 'found', endpoint };
}
