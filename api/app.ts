import underPressure from '@fastify/under-pressure';
import fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Checkouts } from '../src/checkouts/checkouts';
import type { OutboxOperations } from '../src/outbox/operators/operations';
import type { ProviderInbox } from '../src/provider-inbox/provider-inbox';
import type { WebhookEndpoints } from '../src/webhooks/endpoints';
import { answerOnSocket } from './answer-on-socket';
import { BODY_LIMIT } from './body-limits';
import { httpServer } from './http-server';
import { auth } from './plugins/auth';
import type { AuthOptions } from './plugins/auth';
import { idempotencyKey } from './idempotency/idempotency-key';
import type { IdempotencyKeyOptions } from './idempotency/idempotency-key';
import { rateLimits } from './plugins/rate-limits';
import type { RateLimitsOptions } from './plugins/rate-limits';
import { noCardData } from './plugins/no-card-data';
import { openapi } from './plugins/openapi';
import { plainRequests } from './plugins/plain-requests';
import { ApiError, problems, sendProblem } from './plugins/problems';
import type { ProblemsOptions } from './plugins/problems';
import { unknownRoutes } from './plugins/unknown-routes';
import { reach } from './plugins/reach';
import type { ReachOptions } from './plugins/reach';
import { asyncApiRoute } from './routes/asyncapi';
import { cancelRoute } from './routes/cancel';
import { checkoutEventsRoute } from './routes/checkout-events';
import type { CheckoutEventsOptions } from './routes/checkout-events';
import { checkoutRoutes } from './routes/checkouts';
import { healthRoutes } from './routes/health';
import type { HealthOptions } from './routes/health';
import { labelRoute } from './routes/label';
import { providerWebhookRoutes } from './routes/provider-webhooks';
import { metricsRoute } from './routes/metrics';
import type { MetricsOptions } from './routes/metrics';
import { operationRoutes } from './routes/operations';
import type { Operations } from './routes/operations';
import { outboxRoutes } from './routes/outbox';
import { problemRoutes } from './routes/problems';
import { redriveRoutes } from './routes/redrives';
import { replayRoutes } from './routes/replays';
import { strandedRoutes } from './routes/stranded';
import type { StrandedOperations } from './routes/stranded';
import { webhookRoutes } from './routes/webhooks';
import { CheckoutPageSchema, CheckoutSchema, ProblemSchema } from './schemas/checkout';
import { STRING_FORMATS } from './schemas/text';
import { SECURITY_HEADERS } from './security-headers';
import { StreamLimits } from './event-stream/stream-limits';
import type { SeatLimits } from './event-stream/stream-limits';

/** A process this far behind answers 503 immediately, so that the requests it does take are answered in time. */
const MOST_EVENT_LOOP_DELAY_MS = 2_000;
/**
 * More than twice that delay: a turn longer than half of this may leave no sample, and no sample counts as an endless delay. With the default
 * of a second, one busy moment turned everybody away for the next second.
 */
const EVENT_LOOP_SAMPLE_MS = 5_000;
/** The schemas limit ids. The router's own limit, a hundred characters, would make a longer id an unknown route. */
const LONGEST_PARAMETER = 16_384;
const LOST_SEATS =
  'Event streams kept seats although their connections were gone: this is a bug. The seats are free again.';
const NO_PATH = 'The path is not valid: check what follows each %.';

export interface AppOptions
  extends
    AuthOptions,
    ReachOptions,
    ProblemsOptions,
    HealthOptions,
    IdempotencyKeyOptions,
    RateLimitsOptions,
    Omit<CheckoutEventsOptions, 'seats'> {
  checkouts: Checkouts;
  operations: Operations & MetricsOptions['operations'];
  stranded: StrandedOperations;
  postgres: MetricsOptions['postgres'];
  providerFigures: MetricsOptions['providerFigures'];
  outbox: OutboxOperations;
  webhooks: WebhookEndpoints;
  providerInbox: ProviderInbox;
  streamLimits?: CheckoutEventsOptions['streamLimits'] & Partial<SeatLimits>;
  logger: FastifyBaseLogger;
  /** Addresses and networks whose `X-Forwarded-For` is trusted, separated by commas. None by default. */
  trustedProxies?: string;
}

/** Assembles the API: plugins and routes by name, in order. It does not listen yet. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request costs more than an answer from memory. The few lines about a request name it themselves.
    childLoggerFactory: (logger) => logger,
    trustProxy: options.trustedProxies || false,
    bodyLimit: BODY_LIMIT.none,
    serverFactory: httpServer,
    clientErrorHandler: answerOnSocket,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    frameworkErrors: (_error, _request, reply) => sendProblem(reply, new ApiError('invalid-request', NO_PATH)),
    // The defaults drop unknown fields and turn "1" into 1. A misspelt field of a checkout must be refused.
    ajv: {
      customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, formats: STRING_FORMATS },
    },
  });
  // Fastify would hand a text body to the schema, which would only say that it is no object. This way the media type is refused.
  app.removeContentTypeParser('text/plain');
  for (const schema of [ProblemSchema, CheckoutSchema, CheckoutPageSchema]) app.addSchema(schema);

  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(SECURITY_HEADERS);
    done();
  });
  await app.register(problems, options);
  await app.register(plainRequests);
  await app.register(unknownRoutes);
  await app.register(auth, options);
  await app.register(reach, options);
  // Before the documentation pages, because a route gets only the hooks that are there when it is registered.
  await app.register(rateLimits, options);
  await app.register(openapi);
  const seats = new StreamLimits((lost) => app.log.error({ lost }, LOST_SEATS), options.streamLimits);
  await app.register(metricsRoute, { ...options, seats });
  await app.register(underPressure, {
    maxEventLoopDelay: MOST_EVENT_LOOP_DELAY_MS,
    sampleInterval: EVENT_LOOP_SAMPLE_MS,
  });
  await app.register(idempotencyKey, options);
  await app.register(noCardData);
  await app.register(healthRoutes, options);
  await app.register(problemRoutes);
  await app.register(asyncApiRoute);
  await app.register(checkoutRoutes, options);
  await app.register(cancelRoute, options);
  await app.register(labelRoute, options);
  await app.register(operationRoutes, options);
  await app.register(strandedRoutes, options);
  await app.register(outboxRoutes, options);
  await app.register(redriveRoutes, options);
  await app.register(replayRoutes, options);
  await app.register(checkoutEventsRoute, { ...options, seats });
  await app.register(webhookRoutes, options);
  await app.register(providerWebhookRoutes, options);
  return app;
}
