import path from 'node:path';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { checkoutActivities } from '../../activities';
import { sandboxProviders } from '../adapters/sandbox-providers';
import { startHousekeeping } from '../checkouts/housekeeping';
import { configuredStarter } from '../checkouts/workflow-starter';
import { CHECKOUT_TASK_QUEUE } from '../contract/checkout';
import { keepServing } from '../deployment/keep-serving';
import { workerVersion } from '../deployment/worker-version';
import { hintsThrough } from '../outbox/hints';
import { openDatabase } from '../postgres/database';
import { readConfig, required } from '../runtime/config';
import { dataConverterOf } from '../runtime/data-converter';
import { createLogger } from '../runtime/logger';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { openRedis } from '../runtime/redis';
import { lazyTemporalClient } from '../runtime/temporal';
import { temporalLogger } from '../runtime/temporal-logger';

/** One for each activity that may be inside a transaction, with a few to spare. */
const CONNECTIONS = 20;
const ACTIVITIES_AT_ONCE = 40;
/** In the fast lane an order keeps its workflow task until its steps are done, and each has one local activity at a time. */
const ORDERS_AT_ONCE = 100;
/** An attempt takes ten seconds at most: let it finish, so that a deploy times out no activity. The default is none. */
const SHUTDOWN_GRACE = '11s';

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('worker', config);
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });

  const db = openDatabase(required(config, 'DATABASE_URL'), {
    connections: CONNECTIONS,
    onIdleError: (err) => logger.warn({ err }, 'lost an idle database connection'),
    prepared: true,
  });
  const { build, options } = await workerVersion(config, path.resolve(__dirname, '../../workflow-bundle.js'));
  const temporal = lazyTemporalClient(config);
  const redis = openRedis(config.REDIS_URL, (err) => logger.warn({ err }, 'lost the connection for hints'));
  // One for all activities, or their hints would not gather: the factory below is asked for each of them.
  const hinting = hintingAfter(hintsThrough(redis));
  const connection = await NativeConnection.connect({ address: required(config, 'TEMPORAL_ADDRESS') });
  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: CHECKOUT_TASK_QUEUE,
    ...options,
    dataConverter: dataConverterOf(config.PAYLOAD_KEYS),
    activities: checkoutActivities({ db, ...sandboxProviders(required(config, 'SANDBOX_URL')) }),
    interceptors: { activity: [() => ({ inbound: hinting })] },
    maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE,
    maxConcurrentWorkflowTaskExecutions: ORDERS_AT_ONCE,
    maxConcurrentLocalActivityExecutions: ORDERS_AT_ONCE,
    shutdownGraceTime: SHUTDOWN_GRACE,
  });

  const running = worker.run();
  const housekeeping = startHousekeeping({ db, starter: configuredStarter(temporal.call, config, logger), logger });
  const serving = keepServing({ call: temporal.call, build, promote: config.WORKER_PROMOTE, logger });
  closeOnExit(logger, async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all([running, serving.stop(), housekeeping.stop()]);
    redis?.disconnect();
    await Promise.all([connection.close(), temporal.close(), db.close()]);
  });
  if (config.PAYLOAD_KEYS === '') logger.warn('PAYLOAD_KEYS is empty: whoever reads Temporal reads inputs and results');
  await serving.settled;
  logger.info({ taskQueue: CHECKOUT_TASK_QUEUE, build }, 'polling');
  announceReady();
  // A worker that stops by itself has lost its server for good: end, so that the supervisor starts another.
  await running;
}

/** An activity has committed what it announces, or has failed: relays may look. */
const hintingAfter = (hint: () => void): ActivityInboundCallsInterceptor => ({
  execute: (input, next) => next(input).finally(hint),
});

void main();
