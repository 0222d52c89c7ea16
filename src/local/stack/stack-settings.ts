import path from 'node:path';
import { packageRoot } from './package-root';

/** What a stack is made of. An address of one's own, where there is one, takes the place of the embedded part. */
export interface StackSettings {
  readonly host: string;
  /** 0 means any free port, for all parts: a stack for tests stays clear of the one a person runs. */
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
  /** As in `PAYLOAD_KEYS`; empty for a key of the stack's own. */
  readonly payloadKeys: string;
  readonly codecPort: number;
  /** Empty for the origin of the Web UI. */
  readonly codecOrigin: string;
  /** Empty for one of the stack's own. */
  readonly codecToken: string;
  /** `off` keeps also the worker of a stack that is started from taking over. */
  readonly workerPromote: 'new' | 'on' | 'off';
  /** The API's process is the worker's too. */
  readonly oneProcess: boolean;
  /** Passed on to the parts. */
  readonly env: NodeJS.ProcessEnv;
}

export const sandboxKeysOf = (settings: StackSettings): 'on' | 'off' => (settings.databaseUrl === '' ? 'on' : 'off');

/** The part of the configuration that a stack looks at. */
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
  readonly WORKER_PROMOTE: 'new' | 'on' | 'off';
  readonly ONE_PROCESS: 'on' | 'off';
}

/** What is set for a client of some other Postgres (`PGSSLMODE`, `PGOPTIONS`, …) would reach ours, too. */
const IS_FOR_A_CLIENT = /^(PG[A-Z]+|NODE_PG_FORCE_NATIVE)$/;

export const withoutPostgresSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !IS_FOR_A_CLIENT.test(name)));

export const stackSettings = (config: Variables, env: NodeJS.ProcessEnv): StackSettings => ({
  host: config.HOST,
  port: config.PORT,
  sandboxPort: config.SANDBOX_PORT,
  dataDir: path.resolve(config.DATA_DIR),
  // Shared by all stacks of this checkout, wherever they are started.
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
  env: {
    ...(config.DATABASE_URL === '' ? withoutPostgresSettings(env) : env),
    // Also what was set in the .env file only.
    TEMPORAL_CLI: config.TEMPORAL_CLI,
    VALKEY_SERVER: config.VALKEY_SERVER,
    // Only the parts that need them are given them.
    PAYLOAD_KEYS: '',
    CODEC_TOKEN: '',
  },
});
