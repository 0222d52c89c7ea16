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

/** Each event goes to all of a tenant's endpoints: this bounds the cost of one order. */
const MOST_OF_A_TENANT = 20;

export const ENDPOINT_COLUMNS = `id, url, secret, created_at as "createdAt", disabled_at as "disabledAt",
  disabled_why as "disabledWhy"`;

/** What tenants do with their endpoints. No tenant sees or changes another's. */
export const webhookEndpoints = (db: Database, rules: AddressRules) => ({
  /** An address that exists already is returned with its secret, and enabled if it was disabled. */
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

  /** Whether it existed. Events that still wait for it are dropped. */
  async remove(tenant: string, id: string): Promise<boolean> {
    const { rowCount } = await db.query(`delete from webhook_endpoints where tenant = $1 and id = $2`, [tenant, id]);
    return rowCount === 1;
  },
});

export type WebhookEndpoints = ReturnType<typeof webhookEndpoints>;

/** A tenant's endpoints are created one at a time: two that counted concurrently would both find room for one. */
const TENANTS_TURN = `select pg_advisory_xact_lock(hashtext('webhook-endpoints'), hashtext($1))`;

async function insert(db: Database, tenant: string, url: string): Promise<Creation> {
  const id = `whe_${randomUUID().replaceAll('-', '')}`;
  const { rows } = await db.transaction(async (tx) => {
    // A separate statement: one that waited for the lock would count what was there before the wait.
    await tx.first.query(TENANTS_TURN, [tenant]);
    return tx.query<Endpoint>(
      `insert into webhook_endpoints (id, tenant, url, secret)
       select $1, $2, $3, $4
        where (select count(*) from webhook_endpoints where tenant = $2 and url <> $3) < $5
       on conflict (tenant, url) do update
          -- It is not owed the events that were sent while it was disabled.
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
