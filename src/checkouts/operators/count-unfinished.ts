import type { CheckoutState } from '../../domain/checkout-states';
import type { Queryable } from '../../postgres/database';
import { hostClocks } from '../../postgres/host-clocks';
import type { HostClock } from '../../postgres/host-clocks';

/** How many checkouts are under way, how many wait for an operator, and how far the hosts' clocks are from the database's. */
export interface Unfinished {
  readonly checkouts: Readonly<Partial<Record<CheckoutState, number>>>;
  readonly attention: number;
  /** Unended, found with a closed or missing workflow, and not yet started again. */
  readonly stranded: number;
  /** Since a process last looked for stranded orders; null before the first time. */
  readonly lookedSecondsAgo: number | null;
  readonly resumes: number;
  readonly clocks: readonly HostClock[];
}

/** Reads only what is unfinished, however many checkouts there have been. */
export async function countUnfinished(db: Queryable): Promise<Unfinished> {
  const { rows } = await db.query<{ state: CheckoutState; count: number }>(
    `select state, count(*)::integer as count from checkouts where ended_at is null group by state`,
  );
  const open = await db.query<{ count: number }>(
    `select count(*)::integer as count from attention where cleared_at is null`,
  );
  const recovery = await db.query<Pick<Unfinished, 'stranded' | 'lookedSecondsAgo' | 'resumes'>>(
    `select (select count(*)::integer from checkouts where stranded_at is not null and ended_at is null) as stranded,
            (select count(*)::integer from resumes) as resumes,
            extract(epoch from now() - looked_at)::float8 as "lookedSecondsAgo"
       from reconciler`,
  );
  return {
    ...(recovery.rows[0] ?? { stranded: 0, resumes: 0, lookedSecondsAgo: null }),
    checkouts: Object.fromEntries(rows.map(({ state, count }) => [state, count])),
    attention: open.rows[0]?.count ?? 0,
    clocks: await hostClocks(db),
  };
}
