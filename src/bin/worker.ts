import { startHousekeeping } from '../checkouts/housekeeping';
import { startReconciler } from '../checkouts/recovery/reconcile';
import { startOptionsOf } from '../checkouts/workflows';
import { startAskingWarehouses } from '../provider-inbox/ask-warehouses';
import { DatabaseClock } from '../postgres/database-clock';
import { readConfig } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { connectProviders } from './connect-providers';
import { openStores } from './open-stores';
import { refuseNewerSchema } from './refuse-newer-schema';
import { installRuntime, runWorker } from './run-worker';
import { watchClock } from './watch-clock';

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('worker', config);
  installRuntime(logger);
  const stores = openStores(config, logger);
  await refuseNewerSchema(stores.db, logger);
  const { db, temporal } = stores;
  const clock = new DatabaseClock(db);
  const watch = watchClock('worker', { db, logger, clock });
  const providers = await connectProviders('worker', { config, db, clock, logger });
  const worker = await runWorker({ config, logger, stores, providers });
  const workflows = { call: temporal.call, startOptions: startOptionsOf(config) };
  const housekeeping = startHousekeeping({ db, workflows, logger });
  const reconciler = startReconciler({ db, ...workflows }, logger);
  const asking = startAskingWarehouses({ db, providerOf: providers.providerOf, logger });
  closeOnExit(logger, async () => {
    await Promise.all([worker.stop(), housekeeping.stop(), watch.stop(), reconciler.stop(), asking.stop()]);
    await providers.close();
    await stores.close();
  });
  await worker.settled;
  announceReady();
  // A worker that stops by itself has lost its server for good: exit, so that the supervisor starts another.
  await worker.ended;
}

void main();
