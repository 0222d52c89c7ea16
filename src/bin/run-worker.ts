import path from 'node:path';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { checkoutActivities } from '../../activities';
import { sandboxProviders } from '../adapters/sandbox-providers';
import type { WorkerNearby } from '../checkouts/workflow-starter';
import type { CheckoutActivities } from '../contract/activities';
import { CHECKOUT_TASK_QUEUE } from '../contract/checkout';
import { startBuildHandover } from '../deployment/build-handover';
import { workerVersion } from '../deployment/worker-version';
import { hintsThrough } from '../outbox/relay/hints';
import type { Config } from '../runtime/config';
import { required } from '../runtime/config';
import { dataConverterOf } from '../payloads/data-converter';
import type { Run } from '../runtime/keep-running';
import type { Logger } from '../runtime/logger';
import { callsOver } from '../runtime/temporal';
import { temporalLogger } from '../runtime/temporal-logger';
import type { Stores } from './open-stores';

const ACTIVITIES_AT_ONCE = 40;
/** In the fast lane an order keeps its workflow task until its steps are done, and each has one local activity at a time. */
const ORDERS_AT_ONCE = 100;
/** An attempt takes ten seconds at most: let it finish, so that a deploy times out no activity. The default is none. */
const SHUTDOWN_GRACE = '11s';
/** The label completes a checkout, and the undo of its first step is the last one. */
const MAY_END: readonly (keyof CheckoutActivities)[] = ['generateLabel', 'cancelOrder'];

export interface WorkerParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly stores: Omit<Stores, 'close'>;
  /** A checkout may have ended just now. */
  readonly mayHaveEnded?: () => void;
}

export interface RunningWorker extends Run, WorkerNearby {
  /** Resolves when it is decided whether new checkouts come to this worker. */
  readonly settled: Promise<void>;
}

/** What the SDK has one of in a process, however often its workers are started. */
export const installRuntime = (logger: Logger): void =>
  void Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });

/** A worker that polls. It ends only by failing: it has lost its server for good, or could not find out whether it is to take over. */
export async function runWorker({ config, logger, stores, mayHaveEnded }: WorkerParts): Promise<RunningWorker> {
  const { db, redis, temporal } = stores;
  const { build, options } = await workerVersion(config, path.resolve(__dirname, '../../workflow-bundle.js'));
  const connection = await NativeConnection.connect({ address: required(config, 'TEMPORAL_ADDRESS') });
  // One for all activities, or their hints would not gather: the factory below is asked for each of them.
  const hint = hintsThrough(redis);
  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: CHECKOUT_TASK_QUEUE,
    ...options,
    dataConverter: dataConverterOf(config.PAYLOAD_KEYS),
    activities: checkoutActivities({ db, ...sandboxProviders(required(config, 'SANDBOX_URL')) }),
    interceptors: {
      activity: [
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
  if (config.PAYLOAD_KEYS === '') logger.warn('PAYLOAD_KEYS is empty: whoever reads Temporal reads inputs and results');
  settled.then(
    () => logger.info({ taskQueue: CHECKOUT_TASK_QUEUE, build }, 'polling'),
    () => undefined,
  );
  const ended = Promise.race([running, settled.then(() => running)]);
  // Whoever runs it hears of it, at the latest when stopping; until then it is nobody's fault that nobody listens.
  ended.catch(() => undefined);
  return {
    settled,
    ended,
    isCurrent,
    eagerCall: () => (isCurrent() && !serving.othersWait() ? call : undefined),
    stop: async () => {
      // Serving first: nothing is started eagerly any more when the worker begins to drain.
      const left = serving.stop();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled([running, left]);
      await connection.close();
    },
  };
}

/** An activity has committed what it announces, or has failed. */
const after = (look: () => void): ActivityInboundCallsInterceptor => ({
  execute: (input, next) => next(input).finally(look),
});
