import path from 'node:path';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { checkoutActivities } from '../../activities';
import type { WorkerNearby } from '../checkouts/workflow-starter';
import type { CheckoutActivities } from '../contract/activities';
import { CHECKOUT_TASK_QUEUE } from '../contract/checkout';
import { startBuildHandover } from '../deployment/build-handover';
import { workerVersion } from '../deployment/worker-version';
import { hintsThrough } from '../outbox/relay/hints';
import { activityAttempts } from '../providers/calls/activity-attempts';
import type { Config } from '../runtime/config';
import { required } from '../runtime/config';
import { dataConverterOf } from '../payloads/data-converter';
import type { Run } from '../runtime/keep-running';
import type { Logger } from '../runtime/logger';
import type { Providers } from '../providers/open-providers';
import { callsOver } from '../runtime/temporal';
import { temporalLogger } from '../runtime/temporal-logger';
import type { Stores } from './open-stores';

const ACTIVITIES_AT_ONCE = 40;
/** In the fast lane an order keeps its workflow task until its steps are done, and runs one local activity at a time. */
const ORDERS_AT_ONCE = 100;
/** An attempt takes ten seconds at most: let it finish, so that no deploy times out an activity. The SDK's default is no grace. */
const SHUTDOWN_GRACE = '11s';
/** The label completes a checkout; the undo of its first step is its last undo. */
const MAY_END: readonly (keyof CheckoutActivities)[] = ['generateLabel', 'cancelOrder'];

export interface WorkerParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly stores: Omit<Stores, 'close'>;
  readonly providers: Providers;
  /** A checkout may have ended just now. */
  readonly mayHaveEnded?: () => void;
}

export interface RunningWorker extends Run, WorkerNearby {
  /** Resolves once it is decided whether new checkouts go to this worker. */
  readonly settled: Promise<void>;
}

/** Installs the SDK's runtime, of which a process has one, however often its workers are started. */
export const installRuntime = (logger: Logger): void =>
  void Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });

/** A worker that polls. It ends by itself only if it fails: it has lost its server for good, or could not find out whether to take over. */
export async function runWorker({
  config,
  logger,
  stores,
  providers,
  mayHaveEnded,
}: WorkerParts): Promise<RunningWorker> {
  const { db, redis, temporal } = stores;
  const { build, options } = await workerVersion(config, path.resolve(__dirname, '../../workflow-bundle.js'));
  const connection = await NativeConnection.connect({ address: required(config, 'TEMPORAL_ADDRESS') });
  // One for all activities, so that their hints are combined: the factory below is called for each activity.
  const hint = hintsThrough(redis);
  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: CHECKOUT_TASK_QUEUE,
    ...options,
    dataConverter: dataConverterOf(config.PAYLOAD_KEYS),
    activities: checkoutActivities({
      db,
      ...providers,
      ...(config.AWAIT_CUSTOMER !== '' && { awaitCustomer: config.AWAIT_CUSTOMER }),
    }),
    interceptors: {
      activity: [
        activityAttempts,
        ({ info }) => ({
          inbound: after(() => {
            hint();
            if ((MAY_END as readonly string[]).includes(info.activityType)) mayHaveEnded?.();
          }),
        }),
      ],
    },
    maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE,
    maxConcurrentWorkflowTaskExecutions: ORDERS_AT_ONCE,
    maxConcurrentLocalActivityExecutions: ORDERS_AT_ONCE,
    shutdownGraceTime: SHUTDOWN_GRACE,
  }).catch(async (error: unknown) => {
    await connection.close();
    throw error;
  });

  const running = worker.run();
  const serving = startBuildHandover({ call: temporal.call, build, promote: config.WORKER_PROMOTE, logger });
  const { settled } = serving;
  const call = callsOver(connection, config);
  const isCurrent = () => worker.getState() === 'RUNNING' && serving.isCurrent();
  if (config.PAYLOAD_KEYS === '')
    logger.warn('PAYLOAD_KEYS is empty: anybody who can read Temporal can read inputs and results');
  settled.then(
    () => logger.info({ taskQueue: CHECKOUT_TASK_QUEUE, build }, 'polling'),
    () => undefined,
  );
  const ended = Promise.race([running, settled.then(() => running)]);
  // Our caller sees the failure, at the latest when it stops us. Until then an unhandled rejection must not end the process.
  ended.catch(() => undefined);
  return {
    settled,
    ended,
    isCurrent,
    eagerCall: () => (isCurrent() && !serving.othersWait() ? call : undefined),
    stop: async () => {
      // First stop serving, so that nothing is started eagerly once the worker drains.
      const left = serving.stop();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled([running, left]);
      await connection.close();
    },
  };
}

/** Runs `look` after each activity: it has committed its events by then, or has failed. */
const after = (look: () => void): ActivityInboundCallsInterceptor => ({
  execute: (input, next) => next(input).finally(look),
});
