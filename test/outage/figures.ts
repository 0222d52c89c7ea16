import type { Step } from '../../src/domain/steps';
import type { Queryable } from '../../src/postgres/database';

export interface Ends {
  readonly orders: number;
  readonly completed: number;
  readonly refused: number;
  readonly unended: number;
  /** From acceptance to the end. */
  readonly p50Seconds: number;
  readonly p99Seconds: number;
  readonly longestSeconds: number;
  /** Of the orders that were under way when the provider came back: when the last of them passed its step, and ended, from then on. */
  readonly lastPassedSeconds: number;
  readonly lastEndedSeconds: number;
}

/** `back`: when the provider of the step was there again. */
export async function endsOf(db: Queryable, step: Step, back: Date): Promise<Ends> {
  const lasted = `extract(epoch from ended_at - accepted_at)`;
  const { rows } = await db.query<Ends>(
    `select count(*)::integer as orders,
            (count(*) filter (where state = 'completed'))::integer as completed,
            (count(*) filter (where state in ('refused', 'cancelled')))::integer as refused,
            (count(*) filter (where ended_at is null))::integer as unended,
            percentile_cont(0.5) within group (order by ${lasted})::float8 as "p50Seconds",
            percentile_cont(0.99) within group (order by ${lasted})::float8 as "p99Seconds",
            max(${lasted})::float8 as "longestSeconds",
            coalesce(max(extract(epoch from done_at - $1)) filter (where accepted_at < $1), 0)::float8 as "lastPassedSeconds",
            coalesce(max(extract(epoch from ended_at - $1)) filter (where accepted_at < $1), 0)::float8 as "lastEndedSeconds"
       from checkouts
       left join step_ledger on checkout_id = id and step = $2`,
    [back, step],
  );
  return rows[0] as Ends;
}

export async function failedCalls(db: Queryable): Promise<Record<string, number>> {
  const { rows } = await db.query<{ outcome: string; count: number }>(
    `select outcome, count(*)::integer as count from provider_attempts group by outcome order by outcome`,
  );
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
}
