import type { Database, Queryable } from '../../postgres/database';
import { PARKED } from '../relay/parked-state';
import { lockForOperators } from '../relay/redrive-lock';

/** Which dead orders; null means any. */
export interface Selection {
  readonly sink: string | null;
  readonly target: string | null;
  readonly checkoutId: string | null;
}

export interface RedriveRequest extends Selection {
  readonly reason: string;
  readonly operator: string;
}

export type RedriveAnswer =
  | {
      readonly outcome: 'accepted';
      /** How many events are delivered again. */
      readonly total: number;
      /** True if there are more than one redrive takes. */
      readonly more: boolean;
    }
  | { readonly outcome: 'reused' };

export interface RedrivePlan extends Share {
  readonly sinks: readonly (Share & { readonly sink: string })[];
}

interface Share {
  readonly orders: number;
  readonly events: number;
  readonly oldest: string | null;
}

/** One statement must mark them all within its time limit, and a sink that was away must not be flooded. */
const MOST_ORDERS = 5_000;

const DEAD = `
  select sink, target, aggregateid
    from outbox_parked
   where ${PARKED.dead}
     and ($1::text is null or sink = $1)
     and ($2::text is null or target = $2)
     and ($3::text is null or aggregateid = $3)`;

/** What a redrive would deliver again. Changes nothing. */
export async function planRedrive(db: Queryable, { sink, target, checkoutId }: Selection): Promise<RedrivePlan> {
  const { rows } = await db.query<{ sink: string; orders: number; events: number; oldest: Date }>(
    `select parked.sink, (count(*) filter (where attempts > 0))::integer as orders, count(*)::integer as events,
            min(occurred_at) as oldest
       from (${DEAD}) dead
       join outbox_parked parked using (sink, target, aggregateid)
      group by parked.sink
      order by parked.sink`,
    [sink, target, checkoutId],
  );
  const sinks = rows.map((row) => ({ ...row, oldest: row.oldest.toISOString() }));
  return {
    orders: sinks.reduce((sum, { orders }) => sum + orders, 0),
    events: sinks.reduce((sum, { events }) => sum + events, 0),
    oldest: sinks.map(({ oldest }) => oldest).sort()[0] ?? null,
    sinks,
  };
}

/**
 * Has dead orders delivered again, the events of each in order: the lanes find their first events due now. The operator chooses the id: a
 * repeated request is done once.
 */
export async function redrive(db: Database, id: string, request: RedriveRequest): Promise<RedriveAnswer> {
  const { sink, target, checkoutId, reason, operator } = request;
  const selected = [sink, target, checkoutId];
  return db.transaction(async (tx) => {
    await lockForOperators(tx);
    let total = await totalOf(tx, id, request);
    if (total === 'reused') return { outcome: 'reused' };
    if (total === undefined) {
      const { rowCount } = await tx.query(
        `update outbox_parked parked
            set redrive_id = $4, next_attempt_at = case when attempts > 0 then now() end
           from (${DEAD} order by sink, target, aggregateid limit $5) dead
          where parked.sink = dead.sink
            and parked.target = dead.target
            and parked.aggregateid = dead.aggregateid`,
        [...selected, id, MOST_ORDERS],
      );
      total = rowCount ?? 0;
      await tx.query(
        `insert into outbox_redrives (sink, target, checkout_id, id, reason, operator, total)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [...selected, id, reason, operator, total],
      );
    }
    const { rowCount: left } = await tx.query(`${DEAD} limit 1`, selected);
    return { outcome: 'accepted', total, more: left === 1 };
  });
}

async function totalOf(db: Queryable, id: string, wanted: RedriveRequest): Promise<number | 'reused' | undefined> {
  const { rows } = await db.query<Selection & { reason: string; total: number }>(
    `select sink, target, checkout_id as "checkoutId", reason, total from outbox_redrives where id = $1`,
    [id],
  );
  const [before] = rows;
  if (!before) return undefined;
  const same = (['sink', 'target', 'checkoutId', 'reason'] as const).every((name) => before[name] === wanted[name]);
  return same ? before.total : 'reused';
}
