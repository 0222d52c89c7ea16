import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startNodePart } from '../../src/local/stack/node-part';
import { jumpingClock } from '../support/shifted-clock';
import type { Calls, Roads, ServiceName } from './roads';
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
  {
    roads,
    apiPort,
    payloadKeys,
    secret,
    http = false,
  }: {
    roads: Roads;
    apiPort: number;
    payloadKeys: string;
    secret?: string | undefined;
    http?: boolean | undefined;
  },
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
    // Long enough to decide, short enough for a run to see deadlines.
    AWAIT_CUSTOMER: '20s',
  };
  const programOf = (name: ServiceName) => (name === 'api' && !roads.of.has('worker') ? 'service' : name);
  const start = async (name: ServiceName, promote: string) => ({
    child: await startNodePart({
      launch: site.parts.launch,
      name,
      program: programOf(name),
      env: {
        ...common,
        ...providersOf(site, name, { calls: roads.of.get(name), secret, http }),
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

const OVER_HTTP = ['payments', 'warehouse', 'mail', 'carrier'];

interface ProviderCalls {
  readonly calls: Calls | undefined;
  readonly secret: string | undefined;
  readonly http: boolean;
}

/** With `http`, the process knows no sandbox: only providers that speak our protocol, at the end of the same road. */
function providersOf(site: Site, name: ServiceName, { calls, secret, http }: ProviderCalls): object {
  if (secret === undefined || calls === undefined) return { ...calls };
  if (!http) return { ...calls, SANDBOX_SECRET: secret };
  const file = path.join(site.dataDir, `providers-${name}.json`);
  const entry = { adapter: 'http', url: calls.SANDBOX_URL, secret: { env: 'PROVIDERS_SECRET' } };
  writeFileSync(file, JSON.stringify({ default: Object.fromEntries(OVER_HTTP.map((role) => [role, entry])) }));
  return { ...calls, SANDBOX_URL: '', PROVIDERS_FILE: file, PROVIDERS_SECRET: secret };
}
