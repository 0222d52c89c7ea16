import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { PARKED_STATES } from '../src/domain/parked-states';
import type { Unfinished } from '../src/operations/count-unfinished';
import type { SinkLag } from '../src/outbox/lag';

export interface StoreReading extends Unfinished {
  readonly sinks: readonly SinkLag[];
  readonly sessions: number | undefined;
}

const UNFINISHED = ['accepted', 'running', 'needs-attention'] as const;

/** The metrics that Postgres knows. What it does not tell is not there: a figure from before an outage would look like one of now. */
export function storeGauges(registry: Registry): (reading: StoreReading | undefined) => void {
  const kind = (labelNames: readonly string[]) => (name: string, help: string) =>
    new Gauge({ name: `durable_checkout_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  const gauge = kind([]);
  const ofSink = kind(['sink']);
  const up = gauge('postgres_up', 'Whether Postgres told the figures: 1 or 0');
  const sessions = new Counter({
    name: 'durable_checkout_postgres_sessions_total',
    help: 'Sessions that Postgres has begun for this database, for all processes together',
    registers: [registry],
  });
  const attention = gauge('attention_open', 'What waits for an operator');
  const checkouts = kind(['state'])('checkouts', 'Checkouts that have not ended');
  const pending = ofSink(
    'outbox_pending',
    'Events that the sink has still to be given; counted up to about a hundred thousand',
  );
  const oldest = ofSink('outbox_oldest_seconds', 'Age of the oldest of them');
  const failing = ofSink('outbox_lane_failing', 'Lanes of the sink that make no progress');
  const parked = kind(['sink', 'state'])(
    'outbox_parked',
    'Events that the sink did not take; dead ones wait for a redrive',
  );
  const delivered = new Counter({
    name: 'durable_checkout_outbox_delivered_total',
    help: 'Events that have left the outbox for the sink',
    labelNames: ['sink'],
    registers: [registry],
  });

  const rewinds = new Counter({
    name: 'durable_checkout_outbox_rewinds_total',
    help: 'Lanes that were rewound to the beginning of the log, because their place could not be of this Postgres',
    labelNames: ['sink'],
    registers: [registry],
  });

  return (reading) => {
    for (const metric of [sessions, attention, checkouts, pending, oldest, failing, parked, delivered, rewinds])
      metric.reset();
    up.set(reading ? 1 : 0);
    if (!reading) attention.remove();
    if (reading?.sessions === undefined) sessions.remove();
    else sessions.inc(reading.sessions);
    if (!reading) return;
    attention.set(reading.attention);
    for (const state of UNFINISHED) checkouts.set({ state }, reading.checkouts[state] ?? 0);
    for (const { sink, lanes, ...lag } of reading.sinks) {
      pending.set({ sink }, lag.pending);
      oldest.set({ sink }, lag.oldestSeconds ?? 0);
      failing.set({ sink }, lanes.filter(({ failingSince }) => failingSince !== null).length);
      delivered.inc({ sink }, lag.delivered);
      rewinds.inc({ sink }, lag.rewinds);
      for (const state of PARKED_STATES) parked.set({ sink, state }, lag.parked[state]);
    }
  };
}
