import { readConfig } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { assembleApi } from './assemble-api';
import { openStores } from './open-stores';
import { refuseNewerSchema } from './refuse-newer-schema';
import { watchClock } from './watch-clock';

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('api', config);
  const stores = openStores(config, logger);
  await refuseNewerSchema(stores.db, logger);
  const api = await assembleApi({ config, logger, stores });
  const clock = watchClock('api', { db: stores.db, logger });
  closeOnExit(logger, async () => {
    await Promise.all([api.stop(), clock.stop()]);
    await stores.close();
  });
  announceReady({ address: await api.listen() });
}

void main();
