import type { AddressInfo } from 'node:net';
import { readConfig } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { buildSandbox } from '../local/sandbox/build-sandbox';
import { readStackFile } from '../local/stack/stack-file';

/** Always loopback: the fault switches and journals need no key. */
const SANDBOX_HOST = '127.0.0.1';

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('sandbox', config);
  const { DATA_DIR: dataDir, SANDBOX_SECRET: secret } = config;
  // Looked up whenever it is needed: under `npm start` the API starts later.
  const apiUrl = () => config.SANDBOX_API_URL || readStackFile(dataDir).api;
  const app = buildSandbox({ dataDir, logger, apiUrl, ...(secret === '' ? {} : { secret }) });
  closeOnExit(logger, () => app.close());

  await app.listen({ host: SANDBOX_HOST, port: config.SANDBOX_PORT });
  const { port } = app.server.address() as AddressInfo;
  announceReady({ port });
}

void main();
