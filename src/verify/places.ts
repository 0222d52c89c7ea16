import { Problem } from '../cli/problem';
import type { VerifyOptions } from '../cli/verify-command';
import { readStackFile } from '../stack/stack-file';
import type { StackFile } from '../stack/stack-file';

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

/** Where there is something to look at. */
export interface Places {
  readonly postgres: string;
  readonly sandbox: string;
  readonly redis: RedisPlace | undefined;
  readonly kafka: KafkaPlace | undefined;
  readonly nats: NatsPlace | undefined;
}

/** What the environment says of it. */
export interface Settings {
  readonly dataDir: string;
  readonly redisStream: string;
  readonly kafkaBrokers: string;
  readonly kafkaTopic: string;
  readonly natsUrl: string;
  readonly natsStream: string;
}

type Given = Pick<VerifyOptions, 'dataDir' | 'postgres' | 'sandbox' | 'redis' | 'kafka' | 'nats'>;

/** What was given, and else the running stack's. */
export function placesOf(given: Given, settings: Settings): Places {
  const isWhole = given.postgres !== undefined && given.sandbox !== undefined;
  const stack: Partial<StackFile> = isWhole ? {} : stackOf(given.dataDir ?? settings.dataDir);
  const [postgres, sandbox] = [given.postgres ?? stack.postgres, given.sandbox ?? stack.sandbox];
  if (postgres === undefined || sandbox === undefined) throw new Error('A stack without Postgres or without a sandbox');

  const redis = given.redis ?? stack.redis ?? '';
  const kafka = given.kafka ?? settings.kafkaBrokers;
  const nats = given.nats ?? settings.natsUrl;
  return {
    postgres,
    sandbox: sandbox.replace(/\/+$/, ''),
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
