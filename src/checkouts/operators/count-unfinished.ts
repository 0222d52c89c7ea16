import type { CheckoutState } from '../../domain/checkout-states';
import type { Queryable } from '../../postgres/database';
import { hostClocks } from '../../postgres/host-clocks';
import type { HostClock } from '../../postgres/host-clocks';

/** How much is under way, and how much of it waits for an operator; and whether the hosts that work on it keep the database's time. */
export interface Unfinished {
  readonly checkouts: Readonly<Partial<Record<CheckoutState, number>>>;
  readonly attention: number;
  /** Unended, with a workflow that was found closed or gone, and no new run so far. */
  readonly stranded: number;
  /** Since somebody last looked for stranded ones; null before the first look. */
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
