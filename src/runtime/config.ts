import { envSchema } from 'env-schema';
import type { JSONSchemaType } from 'env-schema';
import { customOptions } from './duration-setting';

interface Environment {
  HOST: string;
  PORT: number;
  DATA_DIR: string;
  CACHE_DIR: string;
  DATABASE_URL: string;
  TEMPORAL_ADDRESS: string;
  TEMPORAL_NAMESPACE: string;
  TEMPORAL_UI_URL: string;
  TEMPORAL_CLI: string;
  VALKEY_SERVER: string;
  REDIS_URL: string;
  SANDBOX_URL: string;
  SANDBOX_PORT: number;
  SANDBOX_KEYS: 'on' | 'off';
  PAYLOAD_KEYS: string;
  CODEC_HOST: string;
  CODEC_PORT: number;
  CODEC_ORIGIN: string;
  CODEC_TOKEN: string;
  WORKER_VERSIONING: 'on' | 'off';
  WORKER_PROMOTE: 'new' | 'on' | 'off';
  BUILD_ID: string;
  ONE_PROCESS: 'on' | 'off';
  SINKS: string;
  REDIS_STREAM: string;
  KAFKA_BROKERS: string;
  KAFKA_TOPIC: string;
  NATS_URL: string;
  NATS_STREAM: string;
  WEBHOOK_PRIVATE_ADDRESSES: 'refuse' | 'allow';
  DURABLE_CHECKOUT_API_KEY: string;
  DURABLE_CHECKOUT_OPERATOR_KEY: string;
  RATE_LIMIT: number;
  TRUSTED_PROXIES: string;
  ATTENTION_AFTER: string;
  FAST_LANE: 'on' | 'off';
  LOG_FILE: string;
  LOG_LEVEL: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
}

const text = (fallback: string) => ({ type: 'string' as const, default: fallback });
const listOf = (entry: string) => `^(${entry}(,${entry})*)?$`;
const port = (fallback: number) => ({ type: 'integer' as const, minimum: 0, maximum: 65_535, default: fallback });

const schema: JSONSchemaType<Environment> = {
  type: 'object',
  properties: {
    HOST: text('127.0.0.1'),
    PORT: port(3000),
    DATA_DIR: text('.data'),
    CACHE_DIR: text('.cache'),
    DATABASE_URL: text(''),
    TEMPORAL_ADDRESS: text(''),
    TEMPORAL_NAMESPACE: text('default'),
    TEMPORAL_UI_URL: text(''),
    TEMPORAL_CLI: text(''),
    VALKEY_SERVER: text(''),
    REDIS_URL: text(''),
    SANDBOX_URL: text(''),
    SANDBOX_PORT: port(3001),
    SANDBOX_KEYS: { type: 'string', enum: ['on', 'off'], default: 'off' },
    PAYLOAD_KEYS: text(''),
    CODEC_HOST: text('127.0.0.1'),
    CODEC_PORT: port(8088),
    CODEC_ORIGIN: text(''),
    CODEC_TOKEN: text(''),
    WORKER_VERSIONING: { type: 'string', enum: ['on', 'off'], default: 'on' },
    WORKER_PROMOTE: { type: 'string', enum: ['new', 'on', 'off'], default: 'new' },
    // It becomes part of names and of queries.
    BUILD_ID: { type: 'string', pattern: '^[A-Za-z0-9._-]{0,64}$', default: '' },
    ONE_PROCESS: { type: 'string', enum: ['on', 'off'], default: 'off' },
    // Empty: every sink whose place is set.
    SINKS: {
      type: 'string',
      pattern: listOf('(redis|kafka|nats|webhooks|settlement)'),
      default: '',
    },
    REDIS_STREAM: text('checkout-events'),
    KAFKA_BROKERS: text(''),
    KAFKA_TOPIC: text('checkout-events'),
    NATS_URL: text(''),
    NATS_STREAM: text('CHECKOUT_EVENTS'),
    WEBHOOK_PRIVATE_ADDRESSES: { type: 'string', enum: ['refuse', 'allow'], default: 'refuse' },
    DURABLE_CHECKOUT_API_KEY: text('sk_sandbox_acme'),
    DURABLE_CHECKOUT_OPERATOR_KEY: text('sk_sandbox_operator'),
    // Empty: the 15 minutes of the workflow.
    ATTENTION_AFTER: { type: 'string', duration: { from: '1s', to: '24h' }, default: '' },
    FAST_LANE: { type: 'string', enum: ['on', 'off'], default: 'on' },
    // Requests of one API key in ten seconds.
    RATE_LIMIT: { type: 'integer', minimum: 1, default: 100_000 },
    TRUSTED_PROXIES: {
      type: 'string',
      pattern: listOf('(loopback|linklocal|uniquelocal|[0-9a-fA-F.:]+(/[0-9]{1,3})?)'),
      default: '',
    },
    LOG_FILE: text(''),
    LOG_LEVEL: { type: 'string', enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace'], default: 'info' },
  },
  required: [],
  additionalProperties: false,
} as unknown as JSONSchemaType<Environment>;

/** The settings of every process; `.env.example` explains each. The only place that reads the environment. */
export type Config = Readonly<Environment>;

export const readConfig = (): Config => envSchema<Environment>({ schema, dotenv: true, ajv: { customOptions } });

/** For what a process cannot run without: the value, or a sentence that says what to set. */
export function required(config: Config, name: keyof Environment): string {
  const value = String(config[name]);
  if (value === '') throw new Error(`${name} is not set: see .env.example, or run \`npm start\`, which sets it`);
  return value;
}
