import path from 'node:path';
import type { FreePorts } from '../../src/stack/free-ports';
import { startNodePart } from '../../src/stack/node-part';
import type { PartName } from '../../src/stack/part-names';
import { preparePostgresHome } from '../../src/stack/postgres-home';
import { startPostgres } from '../../src/stack/postgres-server';
import { findProgram } from '../../src/stack/programs';
import { startTemporal } from '../../src/stack/temporal-server';
import { startValkey } from '../../src/stack/valkey-server';
import { programSearch } from '../support/program-search';
import type { Parts } from './parts';

/** Where things are started. */
export interface Site {
  readonly parts: Parts;
  readonly ports: FreePorts;
  readonly dataDir: string;
}

/** Addresses of what the service calls. */
export interface Stores {
  readonly postgres: string;
  readonly temporal: string;
  readonly redis: string;
  readonly sandbox: string;
}

export const logFileOf = ({ dataDir }: Site, name: PartName): string => path.join(dataDir, 'logs', `${name}.log`);

/** A Postgres that keeps what it acknowledged, Temporal with its file, Valkey with its log, and the sandbox providers. */
export async function startStores(site: Site): Promise<Stores> {
  const [postgres, temporal, redis, sandbox] = await Promise.all([
    beginPostgres(site),
    beginTemporal(site),
    beginValkey(site),
    beginSandbox(site),
  ]);
  return { postgres, temporal, redis, sandbox };
}

async function beginPostgres(site: Site): Promise<string> {
  const { launch } = site.parts;
  const home = await preparePostgresHome(site.dataDir);
  const port = await site.ports.pick(0);
  const logFile = logFileOf(site, 'postgres');
  const start = () => startPostgres({ launch, home, port, logFile, database: 'checkout', durable: true });
  return (await site.parts.begin('postgres', start)).url;
}

async function beginTemporal(site: Site): Promise<string> {
  const { launch } = site.parts;
  const program = await findProgram('temporal', programSearch());
  const [grpc, ui, http] = [await site.ports.pick(0), await site.ports.pick(0), await site.ports.pick(0)];
  const databaseFile = path.join(site.dataDir, 'temporal.db');
  const where = { ports: { grpc, ui, http }, databaseFile, namespace: 'default', logFile: logFileOf(site, 'temporal') };
  const start = () => startTemporal({ launch, program, env: process.env, ...where });
  return (await site.parts.begin('temporal', start)).address;
}

async function beginValkey(site: Site): Promise<string> {
  const { launch } = site.parts;
  const program = await findProgram('valkey-server', programSearch());
  const port = await site.ports.pick(0);
  const where = { port, dataDir: path.join(site.dataDir, 'valkey'), logFile: logFileOf(site, 'redis') };
  return (await site.parts.begin('redis', () => startValkey({ launch, program, env: process.env, ...where }))).url;
}

async function beginSandbox(site: Site): Promise<string> {
  const port = await site.ports.pick(0);
  const env = { ...process.env, HOST: '127.0.0.1', SANDBOX_PORT: String(port), DATA_DIR: site.dataDir };
  const start = async () => ({
    child: await startNodePart({
      launch: site.parts.launch,
      name: 'sandbox',
      env,
      logFile: logFileOf(site, 'sandbox'),
    }),
  });
  await site.parts.begin('sandbox', start);
  return `http://127.0.0.1:${port}`;
}
