import path from 'node:path';
import { packageRoot } from './package-root';

/** What a stack is made of. The address of a store of the user's own replaces the embedded one. */
export interface StackSettings {
  readonly host: string;
  /** 0 means any free port, for all parts: a test's stack stays clear of one that a person runs. */
  readonly port: number;
  readonly sandboxPort: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalUi: string;
  readonly temporalNamespace: string;
  /** `off` for none. */
  readonly redisUrl: string;
  /** In the form of `PAYLOAD_KEYS`; empty for a generated key. */
  readonly payloadKeys: string;
  readonly codecPort: number;
  /** Empty for the origin of the Web UI. */
  readonly codecOrigin: string;
  /** Empty for a generated one. */
  readonly codecToken: string;
  /** Empty for a generated one. */
  readonly sandboxSecret: string;
  /** Absolute; empty for none. */
  readonly providersFile: string;
  /** With `off`, not even the worker that a start brings up is promoted. */
  readonly workerPromote: 'new' | 'on' | 'off';
  /** True if API and worker are one process. */
  readonly oneProcess: boolean;
  /** Passed on to the parts. */
  readonly env: NodeJS.ProcessEnv;
}

export const sandboxKeysOf = (settings: StackSettings): 'on' | 'off' => (settings.databaseUrl === '' ? 'on' : 'off');

/** The part of the configuration that a stack reads. */
interface Variables {
  readonly HOST: string;
  readonly PORT: number;
  readonly SANDBOX_PORT: number;
  readonly DATA_DIR: string;
  readonly CACHE_DIR: string;
  readonly DATABASE_URL: string;
  readonly TEMPORAL_ADDRESS: string;
  readonly TEMPORAL_UI_URL: string;
  readonly TEMPORAL_NAMESPACE: string;
  readonly TEMPORAL_CLI: string;
  readonly VALKEY_SERVER: string;
  readonly REDIS_URL: string;
  readonly PAYLOAD_KEYS: string;
  readonly CODEC_PORT: number;
  readonly CODEC_ORIGIN: string;
  readonly CODEC_TOKEN: string;
  readonly SANDBOX_SECRET: string;
  readonly PROVIDERS_FILE: string;
  readonly WORKER_PROMOTE: 'new' | 'on' | 'off';
  readonly ONE_PROCESS: 'on' | 'off';
}

/** Variables that a user has set for clients of another Postgres (`PGSSLMODE`, `PGOPTIONS`, …) would affect ours too. */
const IS_FOR_A_CLIENT = /^(PG[A-Z]+|NODE_PG_FORCE_NATIVE)$/;

export const withoutPostgresSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !IS_FOR_A_CLIENT.test(name)));

export const stackSettings = (config: Variables, env: NodeJS.ProcessEnv): StackSettings => ({
  host: config.HOST,
  port: config.PORT,
  sandboxPort: config.SANDBOX_PORT,
  dataDir: path.resolve(config.DATA_DIR),
  // Shared by all stacks that run from this repository, wherever they are started.
  cacheDir: path.resolve(packageRoot(), config.CACHE_DIR),
  databaseUrl: config.DATABASE_URL,
  temporalAddress: config.TEMPORAL_ADDRESS,
  temporalUi: config.TEMPORAL_UI_URL,
  temporalNamespace: config.TEMPORAL_NAMESPACE,
  redisUrl: config.REDIS_URL,
  workerPromote: config.WORKER_PROMOTE,
  oneProcess: config.ONE_PROCESS === 'on',
  payloadKeys: config.PAYLOAD_KEYS,
  codecPort: config.CODEC_PORT,
  codecOrigin: config.CODEC_ORIGIN,
  codecToken: config.CODEC_TOKEN,
  sandboxSecret: config.SANDBOX_SECRET,
  providersFile: config.PROVIDERS_FILE && path.resolve(config.PROVIDERS_FILE),
  env: {
    ...(config.DATABASE_URL === '' ? withoutPostgresSettings(env) : env),
    // They may be set only in the .env file.
    TEMPORAL_CLI: config.TEMPORAL_CLI,
    VALKEY_SERVER: config.VALKEY_SERVER,
    // Only the parts that need them get them.
    PAYLOAD_KEYS: '',
    CODEC_TOKEN: '',
    SANDBOX_SECRET: '',
  },
});
