import path from 'node:path';
import { startNodePart } from '../../src/local/stack/node-part';
import { jumpingClock } from '../support/shifted-clock';
import type { Roads, ServiceName } from './roads';
import { logFileOf } from './site';
import type { Site } from './site';

/** The first start promotes the code that is here now; a worker that restarts after a crash must not promote by itself. */
const PROMOTE = { first: 'on', later: 'new' };

/** The file that shifts the clock of a process. */
export const clockFileOf = ({ dataDir }: { readonly dataDir: string }, name: ServiceName): string =>
  path.join(dataDir, `clock-${name}`);

/** Starts API, worker and relay as they are deployed, each with its own roads. Without roads for a worker, the API's process includes it. */
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
    // All three can be checked from outside: by the stream, and by the journals of the payment processor and of the webhook receiver.
    SINKS: 'redis,settlement,webhooks',
    WEBHOOK_PRIVATE_ADDRESSES: 'allow',
    // Short enough to give operators something to do, long enough for most faults to pass by themselves.
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
