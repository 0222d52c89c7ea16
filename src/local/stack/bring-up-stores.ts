import path from 'node:path';
import { logFileOf, pickPort, startAndKeep } from './part-context';
import type { PartContext } from './part-context';
import { preparePostgresHome } from './postgres-home';
import { startPostgres } from './postgres-server';
import { findProgram } from './programs';
import type { ProgramName } from './programs';
import { startTemporal } from './temporal-server';
import { startValkey } from './valkey-server';

const POSTGRES_PORT = 5432;
const TEMPORAL_PORT = 7233;
const TEMPORAL_UI_PORT = 8233;
const VALKEY_PORT = 6379;

/** The address of a Postgres with our database in it: the user's own, or the embedded one. */
export async function bringUpPostgres(site: PartContext): Promise<string> {
  const { settings, supervisor, progress, signal } = site;
  if (settings.databaseUrl !== '') return settings.databaseUrl;

  return progress.step('Postgres', async () => {
    const home = await preparePostgresHome(settings.dataDir);
    const common = { launch: supervisor.launch, home, database: 'checkout', durable: true, signal };
    const postgres = await startAndKeep(
      site,
      () => pickPort(site, POSTGRES_PORT),
      (port) => startPostgres({ ...common, port, logFile: logFileOf(site, 'postgres') }),
    );
    return postgres.url;
  });
}

/** The addresses of Temporal and of its Web UI, which decrypts payloads through the codec server. */
export async function bringUpTemporal(
  site: PartContext,
  prepareOwn: (address: string) => Promise<void>,
  codecEndpoint: string | undefined,
): Promise<{ address: string; ui: string | null }> {
  const { settings, supervisor, progress, signal } = site;
  const { temporalAddress, temporalUi, temporalNamespace, dataDir, env } = settings;
  if (temporalAddress !== '') {
    await progress.step('Search attributes', () => prepareOwn(temporalAddress));
    return { address: temporalAddress, ui: temporalUi === '' ? null : temporalUi };
  }

  return progress.step('Temporal', async () => {
    const program = await find(site, 'temporal');
    const databaseFile = path.join(dataDir, 'temporal.db');
    const namespace = temporalNamespace;
    const codec = codecEndpoint
      ? { endpoint: codecEndpoint, file: path.join(dataDir, 'temporal-flags.json') }
      : undefined;
    const common = { launch: supervisor.launch, program, databaseFile, namespace, codec, env, signal };
    return startAndKeep(
      site,
      async () => ({
        grpc: await pickPort(site, TEMPORAL_PORT),
        ui: await pickPort(site, TEMPORAL_UI_PORT),
        http: await pickPort(site, 0),
      }),
      (ports) => startTemporal({ ...common, ports, logFile: logFileOf(site, 'temporal') }),
    );
  });
}

/** The address of Redis; null if it is off. */
export async function bringUpRedis(site: PartContext): Promise<string | null> {
  const { settings, supervisor, progress, signal } = site;
  if (settings.redisUrl !== '') return settings.redisUrl === 'off' ? null : settings.redisUrl;

  return progress.step('Valkey', async () => {
    const program = await find(site, 'valkey-server');
    const dataDir = path.join(settings.dataDir, 'valkey');
    const common = { launch: supervisor.launch, program, dataDir, env: settings.env, signal };
    const valkey = await startAndKeep(
      site,
      () => pickPort(site, VALKEY_PORT),
      (port) => startValkey({ ...common, port, logFile: logFileOf(site, 'redis') }),
    );
    return valkey.url;
  });
}

const find = ({ settings, progress, signal }: PartContext, name: ProgramName): Promise<string> =>
  findProgram(name, { cacheDir: settings.cacheDir, env: settings.env, onProgress: progress.say, signal });
