import { Type } from '@sinclair/typebox';
import fp from 'fastify-plugin';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { ReplayCache } from '../../src/idempotency/replay-cache';
import type { Unfinished } from '../../src/checkouts/operators/count-unfinished';
import type { OutboxOperations } from '../../src/outbox/operators/operations';
import { CachedReading } from '../metrics/cached-reading';
import { seatGauges } from '../event-stream/seat-gauges';
import { storeGauges } from '../metrics/store-gauges';
import type { StreamLimits } from '../event-stream/stream-limits';

export interface MetricsOptions {
  outbox: Pick<OutboxOperations, 'outboxLag' | 'logDays' | 'sinkWarnings'>;
  operations: { unfinished(): Promise<Unfinished> };
  postgres: {
    /** By this process. */
    connectionsOpened: () => number;
    /** By everybody; undefined where Postgres does not count them. */
    sessions: () => Promise<number | undefined>;
  };
  seats: StreamLimits;
  cache: Pick<ReplayCache, 'rejected'>;
  now: () => number;
}

/** From an answer out of memory to the longest wait for an outcome. */
const BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** A path that is no route has no name of its own: everybody may make up as many as they like. */
const NO_ROUTE = 'none';

function countOpened(registry: Registry, connectionsOpened: () => number): void {
  const opened = new Counter({
    name: 'durable_checkout_postgres_connections_opened_total',
    help: 'Connections to Postgres that this process has opened',
    registers: [registry],
    collect: () => {
      opened.reset();
      opened.inc(connectionsOpened());
    },
  });
}

function countRejected(registry: Registry, cache: MetricsOptions['cache']): void {
  const rejected = new Counter({
    name: 'durable_checkout_replay_cache_rejected_total',
    help: 'Entries of the replay cache in Redis that were not believed, by what is wrong with them: this service did not write them',
    labelNames: ['flaw'],
    registers: [registry],
    collect: () => {
      rejected.reset();
      for (const [flaw, count] of Object.entries(cache.rejected())) rejected.inc({ flaw }, count);
    },
  });
}

/** `/metrics`: requests, this process, and what Postgres tells of the outbox and of what is under way. Counts what is registered after it. */
export const metricsRoute = fp<MetricsOptions>(
  async (app, { outbox, operations, postgres, seats, cache, now }) => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const showReading = storeGauges(registry);
    const reading = new CachedReading(
      async () => ({
        sinks: await outbox.outboxLag(),
        days: await outbox.logDays(),
        warnings: await outbox.sinkWarnings(),
        sessions: await postgres.sessions(),
        ...(await operations.unfinished()),
      }),
      { now, onFailure: (err) => app.log.warn({ err }, 'cannot read what the metrics tell') },
    );
    countOpened(registry, postgres.connectionsOpened);
    seatGauges(registry, seats);
    countRejected(registry, cache);
    const requests = new Histogram({
      name: 'durable_checkout_http_request_duration_seconds',
      help: 'From the first byte of a request to the last of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS_SECONDS,
      registers: [registry],
    });

    app.addHook('onResponse', (request, reply, done) => {
      const labels = { method: request.method, route: request.routeOptions.url ?? NO_ROUTE, status: reply.statusCode };
      requests.observe(labels, reply.elapsedTime / 1_000);
      done();
    });

    app.get(
      '/metrics',
      {
        // A process under pressure refuses work, but not to say how it is.
        config: { access: 'public', pressureHandler: () => undefined },
        schema: {
          summary: 'Figures for Prometheus',
          security: [],
          response: { 200: { content: { 'text/plain': { schema: Type.String() } } } },
        },
      },
      async (_request, reply) => {
        showReading(await reading.current());
        return reply.type(registry.contentType).send(await registry.metrics());
      },
    );
  },
  { name: 'metrics', dependencies: ['auth', 'openapi'] },
);
