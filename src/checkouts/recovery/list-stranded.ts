import { EVERY_TENANT } from '../../domain/api-keys';
import type { Queryable } from '../../postgres/database';
import type { Unended } from './claim';
import { findRun } from './find-run';
import type { Found } from './find-run';
import type { Recovery } from './resume-checkout';

/** An unended order that has lost its run. */
export interface Stranded {
  readonly checkoutId: string;
  readonly tenant: string;
  /** How its newest run ended. */
  readonly found: Found;
  readonly acceptedAt: string;
}

export interface StrandedPage {
  readonly stranded: Stranded[];
  /** Where the next page begins, which may have stranded orders even if this one has none; null at the end. */
  readonly next: string | null;
}

/** Temporal answers this many calls well before a client gives up. */
const LOOKED_AT = 200;
const CONCURRENCY = 10;

/** Asks Temporal for the run of each unended order, by id; throws when Temporal does not answer. Changes nothing. */
export async function listStranded(
  { db, call }: Pick<Recovery, 'db' | 'call'>,
  { tenant, after }: { tenant: string; after: string },
): Promise<StrandedPage> {
  const orders = await unendedOf(db, tenant, after);
  const stranded: Stranded[] = [];
  for (let at = 0; at < orders.length; at += CONCURRENCY) {
    const looks = orders.slice(at, at + CONCURRENCY).map(async ({ checkoutId, acceptedAt, ...order }) => {
      const found = await findRun(call, order.tenant, order.idempotencyKey);
      return found ? [{ checkoutId, tenant: order.tenant, found, acceptedAt: acceptedAt.toISOString() }] : [];
    });
    stranded.push(...(await Promise.all(looks)).flat());
  }
  return { stranded, next: orders.length < LOOKED_AT ? null : (orders.at(-1)?.checkoutId ?? null) };
}

async function unendedOf(
  db: Queryable,
  tenant: string,
  after: string,
): Promise<(Omit<Unended, 'resumes'> & { acceptedAt: Date })[]> {
  const { rows } = await db.query<Omit<Unended, 'resumes'> & { acceptedAt: Date }>(
    `select id as "checkoutId", tenant, idempotency_key as "idempotencyKey", accepted_at as "acceptedAt"
       from checkouts
      where ended_at is null
        and started_at is not null
        and id > $1
        and ($2 = '${EVERY_TENANT}' or tenant = $2)
      order by id
      limit $3`,
    [after, tenant, LOOKED_AT],
  );
  return rows;
}
