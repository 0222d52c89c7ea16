import { bringUpCodec, planCodec } from './bring-up-codec';
import { bringUpPostgres, bringUpRedis, bringUpTemporal } from './bring-up-stores';
import { logFileOf, pickPort, startAndKeep } from './part-context';
import type { PartContext } from './part-context';
import { startNodePart } from './node-part';
import { PART_TITLES } from './part-names';
import type { PartName } from './part-names';
import type { StackFile } from './stack-file';
import { sandboxSecretOf, stackSecrets } from './stack-secrets';
import { sandboxKeysOf } from './stack-settings';

const LOOPBACK = '127.0.0.1';

/** Where everything is, without the pids, which the supervisor knows. */
export type StackAddresses = Omit<StackFile, 'pids'>;

/** Prepares the stores before their first use. Passed in: the stack only runs processes. */
export interface Preparation {
  readonly database: (url: string) => Promise<void>;
  /** For a Temporal of the user's own; the embedded one needs no preparation. */
  readonly ownTemporal: (address: string) => Promise<void>;
}

/** Starts all parts, each as soon as what it needs is ready, and returns when all are ready. */
export async function bringUp(site: PartContext, prepare: Preparation): Promise<StackAddresses> {
  const secrets = stackSecrets(site.settings);
  const sandboxSecret = sandboxSecretOf(site.settings);
  const plan = await planCodec(site, secrets);
  const [postgres, temporal, redis, sandbox] = await Promise.all([
    bringUpPostgres(site).then(async (url) => {
      await site.progress.step('Migrations', () => prepare.database(url));
      return url;
    }),
    bringUpTemporal(site, prepare.ownTemporal, plan?.endpoint),
    bringUpRedis(site),
    bringUpSandbox(site, sandboxSecret),
  ]);

  const env = {
    ...baseEnvironment(site),
    DATABASE_URL: postgres,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_UI_URL: temporal.ui ?? '',
    REDIS_URL: redis ?? 'off',
    SANDBOX_URL: sandbox,
    SANDBOX_SECRET: sandboxSecret,
  };
  const withKeys = { ...env, PAYLOAD_KEYS: secrets.payloadKeys };
  const startCodec = (own: NodeJS.ProcessEnv) => startPart(site, 'codec', { ...baseEnvironment(site), ...own });
  const [api, codec] = await Promise.all([
    site.settings.oneProcess ? bringUpService(site, withKeys) : bringUpApi(site, withKeys),
    plan && bringUpCodec(site, plan, { temporalUi: temporal.ui, start: startCodec }),
    site.settings.oneProcess || bringUpWorker(site, withKeys),
    bringUpLoop(site, 'relay', env),
  ]);
  const { providersFile } = site.settings;
  return {
    ...{ api, temporal: temporal.address, temporalUi: temporal.ui, postgres, redis, sandbox, sandboxSecret, codec },
    ...(providersFile !== '' && { providersFile }),
  };
}

/** It learns the API's address from `stack.json`, because the API starts later. */
async function bringUpSandbox(site: PartContext, secret: string): Promise<string> {
  const env = () => ({ ...baseEnvironment(site), SANDBOX_SECRET: secret });
  return onPort(site, { name: 'sandbox', env }, () => pickPort(site, site.settings.sandboxPort));
}

async function bringUpApi(site: PartContext, env: NodeJS.ProcessEnv): Promise<string> {
  const { host, port } = site.settings;
  return onPort(site, { name: 'api', env: () => ({ ...env, HOST: host }) }, () => site.ports.pick(port, host));
}

/** API and worker in one process, which takes the place of the API. */
async function bringUpService(site: PartContext, env: NodeJS.ProcessEnv): Promise<string> {
  const { host, port } = site.settings;
  let promote = promotions(site).first;
  const own = () => ({ ...env, HOST: host, WORKER_PROMOTE: promote });
  const url = await onPort(site, { name: 'api', program: 'service', env: own }, () => site.ports.pick(port, host));
  promote = promotions(site).later;
  return url;
}

interface PartOnPort {
  readonly name: 'api' | 'sandbox';
  readonly program?: string;
  /** Called at every start. */
  readonly env: () => NodeJS.ProcessEnv;
}

async function onPort(site: PartContext, part: PartOnPort, choose: () => Promise<number>): Promise<string> {
  const { name, program } = part;
  return site.progress.step(PART_TITLES[name], async () => {
    const { url } = await startAndKeep(site, choose, async (port) => {
      const env = { ...part.env(), [name === 'api' ? 'PORT' : 'SANDBOX_PORT']: String(port) };
      return { child: await startPart(site, name, env, program), url: urlOf(env.HOST ?? LOOPBACK, port) };
    });
    return url;
  });
}

/** Starting a stack promotes the code that is here now. A worker that restarts after a crash must not promote by itself. */
function promotions({ settings: { workerPromote } }: PartContext) {
  return { first: workerPromote === 'off' ? workerPromote : 'on', later: workerPromote };
}

function bringUpWorker(site: PartContext, env: NodeJS.ProcessEnv): Promise<void> {
  const { first, later } = promotions(site);
  return bringUpLoop(site, 'worker', { ...env, WORKER_PROMOTE: first }, { ...env, WORKER_PROMOTE: later });
}

async function bringUpLoop(
  site: PartContext,
  name: 'worker' | 'relay',
  env: NodeJS.ProcessEnv,
  laterEnv = env,
): Promise<void> {
  const start = (own: NodeJS.ProcessEnv) => startPart(site, name, own);
  await site.progress.step(PART_TITLES[name], async () =>
    site.supervisor.keep(await start(env), () => start(laterEnv)),
  );
}

const startPart = (site: PartContext, name: PartName, env: NodeJS.ProcessEnv, program: string = name) =>
  startNodePart({
    ...{ launch: site.supervisor.launch, logFile: logFileOf(site, name), signal: site.signal },
    ...{ name, program, env },
  });

const baseEnvironment = ({ settings }: PartContext): NodeJS.ProcessEnv => ({
  ...settings.env,
  // Only the API may be reachable from other machines.
  HOST: LOOPBACK,
  CODEC_HOST: LOOPBACK,
  DATA_DIR: settings.dataDir,
  CACHE_DIR: settings.cacheDir,
  TEMPORAL_NAMESPACE: settings.temporalNamespace,
  SANDBOX_KEYS: sandboxKeysOf(settings),
});

/** An address that works on this machine, even if the server listens on all interfaces. */
function urlOf(host: string, port: number): string {
  const name = { '0.0.0.0': LOOPBACK, '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${name}:${port}`;
}
