import path from 'node:path';
import { Problem } from '../cli/problem';
import type { VerifyOptions } from '../cli/verify-command';
import { packageRoot } from '../stack/package-root';
import { readStackFile } from '../stack/stack-file';
import type { StackFile } from '../stack/stack-file';
import { keptPayloadKeys } from '../stack/stack-secrets';

export interface RedisPlace {
  readonly url: string;
  readonly stream: string;
}
export interface KafkaPlace {
  readonly brokers: readonly string[];
  readonly topic: string;
}
export interface NatsPlace {
  readonly url: string;
  readonly stream: string;
}

export interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
}

/** Where there is something to look at. */
export interface Places {
  readonly postgres: string;
  readonly sandbox: string;
  readonly temporal: TemporalPlace | undefined;
  readonly api: string | undefined;
  /** The directory in which the parts of a stack write. */
  readonly logs: string | undefined;
  /** A load client's own journal of what it was told. */
  readonly acknowledged: string | undefined;
  /** The histories that released versions recorded, and the workflow that has to replay them. */
  readonly recorded: string;
  readonly workflowBundle: string;
  /** As `PAYLOAD_KEYS` has them. */
  readonly payloadKeys: string;
  readonly redis: RedisPlace | undefined;
  readonly kafka: KafkaPlace | undefined;
  readonly nats: NatsPlace | undefined;
}

/** What the environment says of it. */
export interface Settings {
  readonly dataDir: string;
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
  'dataDir' | 'postgres' | 'sandbox' | 'temporal' | 'api' | 'redis' | 'kafka' | 'nats' | 'acknowledged'
>;

/** What was given, and else the running stack's. */
export function placesOf(given: Given, settings: Settings): Places {
  const dataDir = given.dataDir ?? settings.dataDir;
  const isWhole = given.postgres !== undefined && given.sandbox !== undefined;
  const stack: Partial<StackFile> = isWhole ? {} : stackOf(dataDir);
  const [postgres, sandbox] = [given.postgres ?? stack.postgres, given.sandbox ?? stack.sandbox];
  if (postgres === undefined || sandbox === undefined) throw new Error('A stack without Postgres or without a sandbox');

  return {
    postgres,
    sandbox: sandbox.replace(/\/+$/, ''),
    api: given.api ?? stack.api,
    logs: isWhole ? undefined : path.join(dataDir, 'logs'),
    acknowledged: given.acknowledged,
    recorded: path.join(packageRoot(), 'test/histories'),
    workflowBundle: path.join(packageRoot(), 'dist/workflow-bundle.js'),
    payloadKeys: settings.payloadKeys || (isWhole ? '' : keptPayloadKeys(dataDir)),
    ...storesOf(given, stack, settings),
  };
}

function storesOf(
  given: Given,
  stack: Partial<StackFile>,
  settings: Settings,
): Pick<Places, 'temporal' | 'redis' | 'kafka' | 'nats'> {
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

function stackOf(dataDir: string): StackFile {
  try {
    return readStackFile(dataDir);
  } catch (cause) {
    const title = 'No running stack was found';
    const detail = `${dataDir} has none; start one with \`npm start\`, or give --data-dir, or --postgres and --sandbox`;
    throw new Problem({ code: 'stack-not-found', title, detail }, { cause });
  }
}
