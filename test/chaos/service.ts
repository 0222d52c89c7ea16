import { startNodePart } from '../../src/stack/node-part';
import type { Roads, ServiceName } from './roads';
import { logFileOf } from './stores';
import type { Site } from './stores';

/** Whoever starts a stack means the code that is here now; a worker that comes back after a crash decides nothing. */
const PROMOTE = { first: 'on', later: 'new' };

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
    // Both are looked at from outside: the stream, and the journal of the payment processor.
    SINKS: 'redis,settlement',
  };
  const programOf = (name: ServiceName) => (name === 'api' && !roads.of.has('worker') ? 'service' : name);
  const start = async (name: ServiceName, promote: string) => ({
    child: await startNodePart({
      launch: site.parts.launch,
      name,
      program: programOf(name),
      env: { ...common, ...roads.of.get(name), WORKER_PROMOTE: promote },
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
