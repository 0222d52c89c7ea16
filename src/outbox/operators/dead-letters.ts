import { EVERY_TENANT } from '../../domain/api-keys';
import type { ParkedState } from '../../domain/parked-states';
import type { Queryable } from '../../postgres/database';
import { PARKED } from '../relay/parked-state';

/** An event that a sink did not take. */
export interface ParkedEvent extends ParkedKey {
  readonly type: string;
  readonly eventId: string;
  readonly attempts: number;
  readonly reason: string;
  readonly parkedAt: string;
  /** Null if it is not retried automatically. */
  readonly nextAttemptAt: string | null;
}

export interface ParkedKey {
  readonly sink: string;
  /** For sinks with several targets, such as webhooks; otherwise empty. */
  readonly target: string;
  readonly checkoutId: string;
  readonly sequence: number;
}

export interface ParkedQuery {
  /** Only this tenant's events; every tenant's by default. */
  readonly tenant?: string;
  readonly sink: string | null;
  readonly state: ParkedState;
  readonly limit: number;
  /** The last one of the previous page. */
  readonly after: ParkedKey | null;
}

export interface ParkedPage {
  readonly events: readonly ParkedEvent[];
  /** Null on the last page. */
  readonly next: ParkedKey | null;
}

interface Row extends Omit<ParkedEvent, 'sequence' | 'parkedAt' | 'nextAttemptAt'> {
  sequence: bigint;
  parkedAt: Date;
  nextAttemptAt: Date | null;
}

/** The parked events in one state; those of an order together and in order. */
export async function listParked(
  db: Queryable,
  { tenant = EVERY_TENANT, sink, state, limit, after }: ParkedQuery,
): Promise<ParkedPage> {
  const { rows } = await db.query<Row>(
    `select parked.sink, parked.target, parked.aggregateid as "checkoutId", parked.sequence, event.type,
            parked.event_id as "eventId", parked.attempts, parked.reason, parked.parked_at as "parkedAt",
            parked.next_attempt_at as "nextAttemptAt"
       from (
         select *
           from outbox_parked
          where ${PARKED[state]}
            and ($1::text is null or sink = $1)
            and ($7 = '${EVERY_TENANT}' or exists (select from checkouts where id = aggregateid and tenant = $7))
            and ($2::text is null or (sink, target, aggregateid, sequence) > ($2, $3, $4, $5::bigint))
          order by sink, target, aggregateid, sequence
          limit $6
       ) parked
       join outbox_events event
         on event.aggregateid = parked.aggregateid
        and event.sequence = parked.sequence
        and event.occurred_at = parked.occurred_at
      order by parked.sink, parked.target, parked.aggregateid, parked.sequence`,
    [sink, after?.sink, after?.target, after?.checkoutId, after?.sequence, limit + 1, tenant],
  );
  const events = rows.slice(0, limit).map(({ sequence, parkedAt, nextAttemptAt, ...row }) => ({
    ...row,
    sequence: Number(sequence),
    parkedAt: parkedAt.toISOString(),
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
  }));
  return { events, next: rows.length > limit ? (events.at(-1) ?? null) : null };
}
