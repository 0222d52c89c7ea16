/** An event in the log. */
export interface OutboxEvent {
  /** UUID; the same for every delivery of the event. */
  readonly id: string;
  /** As in `CheckoutEvent`: `payment.authorized`. */
  readonly type: string;
  readonly tenant: string;
  readonly checkoutId: string;
  /** 1, 2, 3 … within its checkout. */
  readonly sequence: number;
  /** RFC 3339, UTC, microseconds: `2026-11-24T08:00:00.123456Z`. */
  readonly time: string;
  /** The W3C trace context that the client sent with the checkout, if any. */
  readonly traceparent: string | null;
  /** The event's data as JSON text. */
  readonly data: string;
}

/** The columns of `EventRow`, for a table or alias named `event`. */
export const EVENT_COLUMNS = `event.id, event.type, event.tenant, event.aggregateid as "checkoutId", event.sequence,
  (extract(epoch from event.occurred_at) * 1000000)::bigint as micros, event.traceparent, event.payload::text as data`;

export interface EventRow {
  id: string;
  type: string;
  tenant: string;
  checkoutId: string;
  sequence: bigint;
  micros: bigint;
  traceparent: string | null;
  data: string;
}

export const outboxEventOf = ({ sequence, micros, ...row }: EventRow): OutboxEvent => ({
  id: row.id,
  type: row.type,
  tenant: row.tenant,
  checkoutId: row.checkoutId,
  sequence: Number(sequence),
  time: timeOf(micros),
  traceparent: row.traceparent,
  data: row.data,
});

const MICROS_IN_A_SECOND = 1_000_000n;

/** A Date keeps only milliseconds, and this text is also used to look the event up. */
function timeOf(micros: bigint): string {
  const seconds = new Date(Number(micros / MICROS_IN_A_SECOND) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${String(micros % MICROS_IN_A_SECOND).padStart(6, '0')}Z`;
}
