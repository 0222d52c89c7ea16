import { Type } from '@sinclair/typebox';
import fp from 'fastify-plugin';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { ReplayCache } from '../../src/idempotency/replay-cache';
import type { Unfinished } from '../../src/checkouts/operators/count-unfinished';
import type { OutboxOperations } from '../../src/outbox/operators/operations';
import type { ProviderInbox } from '../../src/provider-inbox/provider-inbox';
import type { ProviderFigures } from '../../src/providers/calls/provider-figures';
import { CachedReading } from '../metrics/cached-reading';
import { providerGauges } from '../metrics/provider-gauges';
import { seatGauges } from '../event-stream/seat-gauges';
import { storeGauges } from '../metrics/store-gauges';
import type { StreamLimits } from '../event-stream/stream-limits';

export interface MetricsOptions {
  outbox: Pick<OutboxOperations, 'outboxLag' | 'logDays' | 'sinkWarnings'>;
  operations: { unfinished(): Promise<Unfinished> };
  postgres: {
    /** Of this process. */
    connectionsOpened: () => number;
    /** Of all processes; undefined if Postgres does not count them. */
    sessions: () => Promise<number | undefined>;
  };
  providerFigures: () => Promise<ProviderFigures>;
  providerInbox: Pick<ProviderInbox, 'counted'>;
  seats: StreamLimits;
  cache: Pick<ReplayCache, 'rejected'>;
  now: () => number;
}

/** From an answer out of memory to the longest wait for an outcome. */
const BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Unknown paths share one label, because anybody can make up as many as they like. */
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
    help: 'Entries of the replay cache in Redis that this service did not write, by their flaw; they were ignored',
    labelNames: ['flaw'],
    registers: [registry],
    collect: () => {
      rejected.reset();
      for (const [flaw, count] of Object.entries(cache.rejected())) rejected.inc({ flaw }, count);
    },
  });
}

function countWebhooks(registry: Registry, inbox: MetricsOptions['providerInbox']): void {
  const webhooks = new Counter({
    name: 'durable_checkout_provider_webhooks_total',
    help: 'Webhooks of providers that came to this process, by what became of them',
    labelNames: ['role', 'outcome'],
    registers: [registry],
    collect: () => {
      webhooks.reset();
      for (const { count, ...labels } of inbox.counted()) webhooks.inc(labels, count);
    },
  });
}

/** `/metrics`: requests, this process, and what Postgres knows of the outbox and of open checkouts. Counts only routes registered after it. */
export const metricsRoute = fp<MetricsOptions>(
  async (app, { outbox, operations, postgres, providerFigures, providerInbox, seats, cache, now }) => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const showReading = storeGauges(registry);
    const showProviders = providerGauges(registry);
    const reading = new CachedReading(
      async () => ({
        sinks: await outbox.outboxLag(),
        days: await outbox.logDays(),
        warnings: await outbox.sinkWarnings(),
        sessions: await postgres.sessions(),
        providers: await providerFigures(),
        ...(await operations.unfinished()),
      }),
      { now, onFailure: (err) => app.log.warn({ err }, 'cannot read the metrics from Postgres') },
    );
    countOpened(registry, postgres.connectionsOpened);
    seatGauges(registry, seats);
    countRejected(registry, cache);
    countWebhooks(registry, providerInbox);
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
        // A process under pressure refuses work, but still reports its metrics.
        config: { access: 'public', pressureHandler: () => undefined },
        schema: {
          summary: 'Figures for Prometheus',
          security: [],
          response: { 200: { content: { 'text/plain': { schema: Type.String() } } } },
        },
      },
      async (_request, reply) => {
        const read = await reading.current();
        showReading(read);
        showProviders(read?.providers);
        return reply.type(registry.contentType).send(await registry.metrics());
      },
    );
  },
  { name: 'metrics', dependencies: ['auth', 'openapi'] },
);
