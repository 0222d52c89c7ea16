import path from 'node:path';
import { startNodePart } from '../../src/local/stack/node-part';
import { findProgram } from '../../src/local/stack/programs';
import { startTemporal } from '../../src/local/stack/temporal-server';
import type { TemporalServer } from '../../src/local/stack/temporal-server';
import { startValkey } from '../../src/local/stack/valkey-server';
import { programSearch } from '../support/program-search';
import { PostgresPlace } from './postgres-place';
import { logFileOf } from './site';
import type { Site } from './site';

/** The addresses of what the service calls. */
export interface Stores {
  readonly postgres: string;
  readonly temporal: string;
  readonly temporalUi: string;
  readonly redis: string;
  readonly sandbox: string;
}

/** Starts a durable Postgres, Temporal with its file, Valkey with its append-only file, and the sandbox providers, which want signatures if there is a secret. */
export async function startStores(site: Site, secret?: string): Promise<Stores & { readonly place: PostgresPlace }> {
  const [postgres, temporal, redis, sandbox] = await Promise.all([
    PostgresPlace.begin(site),
    beginTemporal(site),
    beginValkey(site),
    beginSandbox(site, secret),
  ]);
  return {
    postgres: postgres.url,
    place: postgres.place,
    temporal: temporal.address,
    temporalUi: temporal.ui,
    redis,
    sandbox,
  };
}

async function beginTemporal(site: Site): Promise<TemporalServer> {
  const { launch } = site.parts;
  const program = await findProgram('temporal', programSearch());
  const [grpc, ui, http] = [await site.ports.pick(0), await site.ports.pick(0), await site.ports.pick(0)];
  const databaseFile = path.join(site.dataDir, 'temporal.db');
  const where = { ports: { grpc, ui, http }, databaseFile, namespace: 'default', logFile: logFileOf(site, 'temporal') };
  const start = () => startTemporal({ launch, program, env: process.env, ...where });
  return site.parts.begin('temporal', start);
}

async function beginValkey(site: Site): Promise<string> {
  const { launch } = site.parts;
  const program = await findProgram('valkey-server', programSearch());
  const port = await site.ports.pick(0);
  const where = { port, dataDir: path.join(site.dataDir, 'valkey'), logFile: logFileOf(site, 'redis') };
  return (await site.parts.begin('redis', () => startValkey({ launch, program, env: process.env, ...where }))).url;
}

async function beginSandbox(site: Site, secret = ''): Promise<string> {
  const port = await site.ports.pick(0);
  const where = { HOST: '127.0.0.1', SANDBOX_PORT: String(port), DATA_DIR: site.dataDir };
  const env = { ...process.env, ...where, SANDBOX_SECRET: secret };
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
