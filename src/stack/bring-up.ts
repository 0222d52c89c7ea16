import { bringUpCodec, planCodec } from './bring-up-codec';
import { bringUpPostgres, bringUpRedis, bringUpTemporal } from './bring-up-stores';
import { logFileOf, pickPort, startAndKeep } from './building-site';
import type { BuildingSite } from './building-site';
import { startNodePart } from './node-part';
import { PART_TITLES } from './part-names';
import type { PartName } from './part-names';
import type { StackFile } from './stack-file';
import { stackSecrets } from './stack-secrets';
import { sandboxKeysOf } from './stack-settings';

const LOOPBACK = '127.0.0.1';

/** Where everything is; the pids are the supervisor's to tell. */
export type StackAddresses = Omit<StackFile, 'pids'>;

/** What has to be done to the stores before anybody uses them. Handed in: the stack only runs processes. */
export interface Preparation {
  readonly database: (url: string) => Promise<void>;
  /** The embedded Temporal comes prepared. */
  readonly ownTemporal: (address: string) => Promise<void>;
}

/** Starts all parts, each as soon as what it needs is there, and returns when all are ready. */
export async function bringUp(site: BuildingSite, prepare: Preparation): Promise<StackAddresses> {
  const secrets = stackSecrets(site.settings);
  const plan = await planCodec(site, secrets);
  const [postgres, temporal, redis, sandbox] = await Promise.all([
    bringUpPostgres(site).then(async (url) => {
      await site.progress.step('Migrations', () => prepare.database(url));
      return url;
    }),
    bringUpTemporal(site, prepare.ownTemporal, plan?.endpoint),
    bringUpRedis(site),
    bringUpSandbox(site),
  ]);

  const env = {
    ...baseEnvironment(site),
    DATABASE_URL: postgres,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_UI_URL: temporal.ui ?? '',
    REDIS_URL: redis ?? 'off',
    SANDBOX_URL: sandbox,
  };
  const withKeys = { ...env, PAYLOAD_KEYS: secrets.payloadKeys };
  const startCodec = (own: NodeJS.ProcessEnv) => startPart(site, 'codec', { ...baseEnvironment(site), ...own });
  const [api, codec] = await Promise.all([
    bringUpApi(site, withKeys),
    plan && bringUpCodec(site, plan, { temporalUi: temporal.ui, start: startCodec }),
    bringUpWorker(site, withKeys),
    bringUpLoop(site, 'relay', env),
  ]);
  return { api, temporal: temporal.address, temporalUi: temporal.ui, postgres, redis, sandbox, codec };
}

async function bringUpSandbox(site: BuildingSite): Promise<string> {
  return onPort(site, { name: 'sandbox', env: baseEnvironment(site) }, () => pickPort(site, site.settings.sandboxPort));
}

async function bringUpApi(site: BuildingSite, env: NodeJS.ProcessEnv): Promise<string> {
  const { host, port } = site.settings;
  return onPort(site, { name: 'api', env: { ...env, HOST: host } }, () => site.ports.pick(port, host));
}

async function onPort(
  site: BuildingSite,
  { name, env }: { name: 'api' | 'sandbox'; env: NodeJS.ProcessEnv },
  choose: () => Promise<number>,
): Promise<string> {
  return site.progress.step(PART_TITLES[name], async () => {
    const { url } = await startAndKeep(site, choose, async (port) => ({
      child: await startPart(site, name, { ...env, [name === 'api' ? 'PORT' : 'SANDBOX_PORT']: String(port) }),
      url: urlOf(env['HOST'] ?? LOOPBACK, port),
    }));
    return url;
  });
}

/** Whoever starts a stack means the code that is here now. A worker that comes back after a crash decides nothing. */
function bringUpWorker(site: BuildingSite, env: NodeJS.ProcessEnv): Promise<void> {
  const { workerPromote } = site.settings;
  const first = workerPromote === 'off' ? workerPromote : 'on';
  return bringUpLoop(site, 'worker', { ...env, WORKER_PROMOTE: first }, { ...env, WORKER_PROMOTE: workerPromote });
}

async function bringUpLoop(
  site: BuildingSite,
  name: 'worker' | 'relay',
  env: NodeJS.ProcessEnv,
  laterEnv = env,
): Promise<void> {
  const start = (own: NodeJS.ProcessEnv) => startPart(site, name, own);
  await site.progress.step(PART_TITLES[name], async () =>
    site.supervisor.keep(await start(env), () => start(laterEnv)),
  );
}

const startPart = (site: BuildingSite, name: PartName, env: NodeJS.ProcessEnv) =>
  startNodePart({ launch: site.supervisor.launch, name, env, logFile: logFileOf(site, name), signal: site.signal });

const baseEnvironment = ({ settings }: BuildingSite): NodeJS.ProcessEnv => ({
  ...settings.env,
  // Only the API is to be reached from elsewhere, if anything.
  HOST: LOOPBACK,
  CODEC_HOST: LOOPBACK,
  DATA_DIR: settings.dataDir,
  CACHE_DIR: settings.cacheDir,
  TEMPORAL_NAMESPACE: settings.temporalNamespace,
  SANDBOX_KEYS: sandboxKeysOf(settings),
});

/** An address that works on this machine, also where the server listens on all of them. */
function urlOf(host: string, port: number): string {
  const name = { '0.0.0.0': LOOPBACK, '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${name}:${port}`;
}
