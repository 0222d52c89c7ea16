import path from 'node:path';
import { startNodePart } from '../../src/local/stack/node-part';
import { jumpingClock } from '../support/shifted-clock';
import type { Roads, ServiceName } from './roads';
import { logFileOf } from './site';
import type { Site } from './site';

/** Whoever starts a stack means the code that is here now; a worker that comes back after a crash decides nothing. */
const PROMOTE = { first: 'on', later: 'new' };

/** Has a process live at another time than now, as the file says. */
export const clockFileOf = ({ dataDir }: { readonly dataDir: string }, name: ServiceName): string =>
  path.join(dataDir, `clock-${name}`);

/** Starts API, worker and relay as they are deployed, each with its own roads; without roads for a worker the API's process is one. */
export async function startService(
  site: Site,
  { roads, apiPort, payloadKeys }: { roads: Roads; apiPort: number; payloadKeys: string },
): Promise<void> {
  const common = {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: String(apiPort),
    DATA_DIR: site.dataDir,
    SANDBOX_KEYS: 'on',
    PAYLOAD_KEYS: payloadKeys,
    // All are looked at from outside: the stream, and the journals of the payment processor and of the receiver.
    SINKS: 'redis,settlement,webhooks',
    WEBHOOK_PRIVATE_ADDRESSES: 'allow',
    // Soon enough that operators have something to do, and long enough that most of it passes by itself.
    ATTENTION_AFTER: '3s',
  };
  const programOf = (name: ServiceName) => (name === 'api' && !roads.of.has('worker') ? 'service' : name);
  const start = async (name: ServiceName, promote: string) => ({
    child: await startNodePart({
      launch: site.parts.launch,
      name,
      program: programOf(name),
      env: {
        ...common,
        ...roads.of.get(name),
        WORKER_PROMOTE: promote,
        ...jumpingClock(clockFileOf(site, name)),
      },
      logFile: logFileOf(site, name),
    }),
  });
  const begin = (name: ServiceName) =>
    site.parts.begin(
      name,
      () => start(name, PROMOTE.first),
      () => start(name, PROMOTE.later),
    );
  await Promise.all([...roads.of.keys()].map(begin));
}
