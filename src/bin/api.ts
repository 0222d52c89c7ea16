import { readConfig } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { assembleApi } from './assemble-api';
import { openStores } from './open-stores';

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('api', config);
  const stores = openStores(config, logger);
  const api = await assembleApi({ config, logger, stores });
  closeOnExit(logger, async () => {
    await api.stop();
    await stores.close();
  });
  announceReady({ address: await api.listen() });
}

void main();
