import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { CHECKOUT_STATES, hasEnded } from '../../src/domain/checkout-states';
import { PARKED_STATES } from '../../src/domain/parked-states';
import type { Unfinished } from '../../src/checkouts/operators/count-unfinished';
import type { SinkLag } from '../../src/outbox/operators/lag';
import type { LogDays } from '../../src/outbox/log/partitions';

export interface StoreReading extends Unfinished {
  readonly sinks: readonly SinkLag[];
  readonly sessions: number | undefined;
  readonly days: LogDays;
  /** Sinks that may lose events. */
  readonly warnings: readonly { readonly sink: string }[];
}

const UNFINISHED = CHECKOUT_STATES.filter((state) => !hasEnded(state));

/** The metrics that come from Postgres. While it is away they are absent: an old figure would look like a current one. */
export function storeGauges(registry: Registry): (reading: StoreReading | undefined) => void {
  const kind = (labelNames: readonly string[]) => (name: string, help: string) =>
    new Gauge({ name: `durable_checkout_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  const gauge = kind([]);
  const ofSink = kind(['sink']);
  const up = gauge('postgres_up', 'Whether Postgres answered: 1 or 0');
  const sessions = new Counter({
    name: 'durable_checkout_postgres_sessions_total',
    help: 'Sessions that Postgres has opened for this database, for all processes together',
    registers: [registry],
  });
  const attention = gauge('attention_open', 'Cases that wait for an operator');
  const stranded = gauge('stranded', 'Checkouts that have not ended, have lost their workflow and have no new run yet');
  const looked = gauge(
    'reconciler_looked_seconds',
    'Seconds since the last search for checkouts that lost their workflow',
  );
  const resumes = new Counter({
    name: 'durable_checkout_resumes_total',
    help: 'Runs that took over a checkout because the run before was closed or gone',
    registers: [registry],
  });
  const checkouts = kind(['state'])('checkouts', 'Checkouts that have not ended');
  const pending = ofSink(
    'outbox_pending',
    'Events that the sink has not received yet; counted up to about a hundred thousand',
  );
  const oldest = ofSink('outbox_oldest_seconds', 'Age of the oldest pending event');
  const failing = ofSink('outbox_lane_failing', 'Lanes of the sink that make no progress');
  const parked = kind(['sink', 'state'])(
    'outbox_parked',
    'Events that the sink did not accept; dead ones wait for a redrive',
  );
  const clock = kind(['process'])(
    'clock_ahead_seconds',
    "How far the host's clock is ahead of the database's (negative: behind), for the process of that kind that is farthest off",
  );
  const endangered = ofSink(
    'outbox_sink_endangered',
    '1 if the sink may lose events as it is configured; GET /v1/ops/outbox says why',
  );
  const daysAhead = gauge('outbox_days_ahead', 'Days of the log, from tomorrow on, that have a partition');
  const daysOverdue = gauge(
    'outbox_days_overdue',
    'Days of the log that are past their retention but not fully delivered to some sink',
  );
  const inDefault = gauge(
    'outbox_default_events',
    'Events in the default partition, because their day had none; counted up to ten thousand',
  );
  const ofTheLog = [daysAhead, daysOverdue, inDefault];
  const delivered = new Counter({
    name: 'durable_checkout_outbox_delivered_total',
    help: 'Events that have left the outbox for the sink',
    labelNames: ['sink'],
    registers: [registry],
  });

  const rewinds = new Counter({
    name: 'durable_checkout_outbox_rewinds_total',
    help: 'Lanes that were rewound to the beginning of the log, because their position could not come from this Postgres',
    labelNames: ['sink'],
    registers: [registry],
  });

  return (reading) => {
    for (const metric of [
      sessions,
      attention,
      stranded,
      looked,
      resumes,
      checkouts,
      clock,
      ...ofTheLog,
      endangered,
      pending,
      oldest,
      failing,
      parked,
    ])
      metric.reset();
    for (const counter of [delivered, rewinds]) counter.reset();
    up.set(reading ? 1 : 0);
    if (reading?.sessions === undefined) sessions.remove();
    else sessions.inc(reading.sessions);
    if (!reading) return [attention, stranded, looked, resumes, ...ofTheLog].forEach((metric) => metric.remove());
    attention.set(reading.attention);
    stranded.set(reading.stranded);
    looked.set(reading.lookedSecondsAgo ?? Infinity);
    resumes.inc(reading.resumes);
    for (const { kind: process, aheadSeconds } of reading.clocks) clock.set({ process }, aheadSeconds);
    // Always set: a series that appears only in danger cannot be told from one that does not exist.
    for (const { sink } of reading.sinks) endangered.set({ sink }, 0);
    for (const { sink } of reading.warnings) endangered.set({ sink }, 1);
    daysAhead.set(reading.days.ahead);
    daysOverdue.set(reading.days.overdue);
    inDefault.set(reading.days.inDefault);
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
