import { setTimeout as rest } from 'node:timers/promises';
import { startAskingWarehouses } from '../provider-inbox/ask-warehouses';
import { DatabaseClock } from '../postgres/database-clock';
import { readConfig } from '../runtime/config';
import { keepRunning } from '../runtime/keep-running';
import { createLogger } from '../runtime/logger';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { assembleApi } from './assemble-api';
import { connectProviders } from './connect-providers';
import { openPool, openStores } from './open-stores';
import { refuseNewerSchema } from './refuse-newer-schema';
import { installRuntime, runWorker } from './run-worker';
import type { RunningWorker } from './run-worker';
import { watchClock } from './watch-clock';

/** A server that restarts is back in seconds; more frequent attempts would only fill the log. */
const REST_MS = 1_000;
/** Orders are accepted without a worker, so a hanging Temporal delays readiness no longer than this. */
const READY_WITHIN_MS = 5_000;

/** API and worker in one process, so that Temporal can hand over a checkout's first task with the answer to its start. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('service', config);
  installRuntime(logger);
  const stores = openStores(config, logger);
  await refuseNewerSchema(stores.db, logger);
  // A separate pool: activities that wait for a lock hold their connections, and must not stop the API from accepting.
  const db = openPool(config, logger);
  const clock = new DatabaseClock(stores.db);
  const watch = watchClock('service', { db: stores.db, logger, clock });
  const providers = await connectProviders('service', { config, db, clock, logger });
  const api = await assembleApi({ config, logger, stores, workerNearby: () => worker.current(), workerDb: db });
  const { mayHaveEnded } = api;
  let promote = config.WORKER_PROMOTE;
  const start = async () => {
    const own = { ...config, WORKER_PROMOTE: promote };
    const started = await runWorker({ config: own, logger, stores: { ...stores, db }, providers, mayHaveEnded });
    // Decided once for the whole process: a worker that restarts in it must not undo what somebody has decided since.
    started.settled.then(() => (promote = promote === 'on' ? 'new' : promote)).catch(() => undefined);
    return started;
  };
  const worker = keepRunning<RunningWorker>('worker', start, { restMs: REST_MS, logger });
  const asking = startAskingWarehouses({ db, providerOf: providers.providerOf, logger });
  closeOnExit(logger, async () => {
    await Promise.all([api.stop(), watch.stop()]);
    await Promise.all([worker.stop(), asking.stop()]);
    await providers.close();
    await Promise.all([stores.close(), db.close()]);
  });
  const address = await api.listen();
  const settled = worker.tried.then(() => worker.current()?.settled).catch(() => undefined);
  await Promise.race([settled, rest(READY_WITHIN_MS, undefined, { ref: false })]);
  announceReady({ address });
}

void main();
