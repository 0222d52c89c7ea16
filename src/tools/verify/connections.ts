import path from 'node:path';
import { Problem } from '../terminal/problem';
import type { VerifyOptions } from './command';
import { packageRoot } from '../../local/stack/package-root';
import { readStackFile } from '../../local/stack/stack-file';
import type { StackFile } from '../../local/stack/stack-file';
import { keptPayloadKeys } from '../../local/stack/stack-secrets';

export interface RedisConnectionInfo {
  readonly url: string;
  readonly stream: string;
}
export interface KafkaConnectionInfo {
  readonly brokers: readonly string[];
  readonly topic: string;
}
export interface NatsConnectionInfo {
  readonly url: string;
  readonly stream: string;
}

export interface TemporalConnectionInfo {
  readonly address: string;
  readonly namespace: string;
}

/** Where everything that is checked can be found. */
export interface Connections {
  /** True if a stack was found, which says where everything is: then nothing may be missing. */
  readonly isWhole: boolean;
  readonly postgres: string;
  /** True if Postgres belongs to that stack: a shell's `PG…` settings are not meant for it. */
  readonly isEmbedded: boolean;
  readonly sandbox: string | undefined;
  readonly temporal: TemporalConnectionInfo | undefined;
  readonly api: string | undefined;
  /** The directory of the stack's logs. */
  readonly logs: string | undefined;
  /** File: a load client's journal of what it was told. */
  readonly acknowledged: string | undefined;
  /** File: the workflows that were terminated or deleted on purpose. */
  readonly endedByHand: string | undefined;
  /** The recorded histories of released versions, and the workflow code that must replay them. */
  readonly recorded: string;
  readonly workflowBundle: string;
  /** In the form of `PAYLOAD_KEYS`. */
  readonly payloadKeys: string;
  readonly redis: RedisConnectionInfo | undefined;
  readonly kafka: KafkaConnectionInfo | undefined;
  readonly nats: NatsConnectionInfo | undefined;
}

/** The settings from the environment. */
export interface Settings {
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly payloadKeys: string;
  readonly redisStream: string;
  readonly kafkaBrokers: string;
  readonly kafkaTopic: string;
  readonly natsUrl: string;
  readonly natsStream: string;
}

type Given = Pick<
  VerifyOptions,
  'dataDir' | 'postgres' | 'sandbox' | 'temporal' | 'api' | 'redis' | 'kafka' | 'nats' | 'acknowledged' | 'endedByHand'
>;

/** What was given, or else what the running stack has. Without a stack the database is enough; the rest is checked only if it is named. */
export function connectionsOf(given: Given, settings: Settings): Connections {
  const dataDir = given.dataDir ?? settings.dataDir;
  const stack = stackOf(given, dataDir, settings);
  const postgres = given.postgres ?? stack?.postgres ?? settings.databaseUrl;
  const sandbox = given.sandbox ?? stack?.sandbox;

  return {
    isWhole: stack !== undefined,
    postgres,
    isEmbedded: postgres === stack?.postgres && stack.pids.postgres !== undefined,
    sandbox: sandbox?.replace(/\/+$/, ''),
    api: given.api ?? stack?.api,
    logs: stack && path.join(dataDir, 'logs'),
    acknowledged: given.acknowledged,
    endedByHand: given.endedByHand,
    recorded: path.join(packageRoot(), 'test/histories'),
    workflowBundle: path.join(packageRoot(), 'dist/workflow-bundle.js'),
    payloadKeys: settings.payloadKeys || (stack ? keptPayloadKeys(dataDir) : ''),
    ...storesOf(given, stack ?? {}, settings),
  };
}

function storesOf(
  given: Given,
  stack: Partial<StackFile>,
  settings: Settings,
): Pick<Connections, 'temporal' | 'redis' | 'kafka' | 'nats'> {
  const temporal = given.temporal ?? stack.temporal ?? settings.temporalAddress;
  const redis = given.redis ?? stack.redis ?? '';
  const kafka = given.kafka ?? settings.kafkaBrokers;
  const nats = given.nats ?? settings.natsUrl;
  return {
    temporal: temporal === '' ? undefined : { address: temporal, namespace: settings.temporalNamespace },
    redis: redis === '' ? undefined : { url: redis, stream: settings.redisStream },
    kafka: kafka === '' ? undefined : { brokers: kafka.split(','), topic: settings.kafkaTopic },
    nats: nats === '' ? undefined : { url: nats, stream: settings.natsStream },
  };
}

/** A stack is required only if no database was given, or a data directory was. */
function stackOf(given: Given, dataDir: string, { databaseUrl }: Settings): StackFile | undefined {
  if (given.postgres !== undefined && given.sandbox !== undefined) return undefined;
  try {
    return readStackFile(dataDir);
  } catch (cause) {
    const hasDatabase = given.postgres !== undefined || databaseUrl !== '';
    if (hasDatabase && given.dataDir === undefined) return undefined;
    const title = 'No running stack was found';
    const detail = `${dataDir} has none; start one with \`npm start\`, or give --data-dir or --postgres`;
    throw new Problem({ code: 'stack-not-found', title, detail }, { cause });
  }
}
