import type { Redis } from 'ioredis';
import type { TemporalClient } from './temporal';

type Health = 'up' | 'down' | 'off';

export interface HealthParts {
  readonly db: { readonly isFull: () => Promise<boolean> };
  /** Throws when Postgres does not answer. */
  readonly schema: () => Promise<{ state: 'current' | 'missing' | 'older' | 'newer'; sentence: string }>;
  readonly temporal: TemporalClient;
  readonly redis: Redis | undefined;
  /** Whether this process is losing log lines. */
  readonly logLosesLines: () => boolean;
}

export interface HealthReport {
  readonly postgres: Health;
  readonly schema: 'current' | 'missing' | 'older' | 'newer' | 'unknown';
  readonly temporal: Health;
  readonly redis: Health;
  /** Checkouts can be accepted. That needs only Postgres: the others may come back later. */
  readonly ready: boolean;
  /** What is wrong, in sentences. */
  readonly problems: string[];
}

const NO_POSTGRES = 'Postgres does not answer: nothing is accepted';
const NO_SPACE = 'The disk of Postgres is full: nothing is accepted until there is space again';
const NO_TEMPORAL = 'Temporal does not answer: checkouts are accepted, and start when it is back';
const NO_LOG = 'The log of this process cannot be written (is its disk full?): orders go on, but log lines are lost';
const NO_REDIS = 'Redis does not answer: everything works, more slowly';

const isSaid = (sentence: string | false): sentence is string => sentence !== false && sentence !== '';

const up = (check: Promise<unknown>): Promise<Health> =>
  check.then(
    () => 'up',
    () => 'down',
  );

/** Checks everything the process depends on. */
export const healthOf =
  ({ db, schema, temporal, redis, logLosesLines }: HealthParts) =>
  async (): Promise<HealthReport> => {
    const [compared, isFull, temporalHealth, redisHealth] = await Promise.all([
      schema().catch(() => undefined),
      db.isFull(),
      up(temporal.call((client) => client.connection.workflowService.getSystemInfo({}))),
      redis ? up(redis.ping()) : ('off' as const),
    ]);
    const preventing = [compared === undefined ? NO_POSTGRES : compared.sentence, isFull && NO_SPACE].filter(isSaid);
    const annoying = [
      temporalHealth === 'down' && NO_TEMPORAL,
      redisHealth === 'down' && NO_REDIS,
      logLosesLines() && NO_LOG,
    ].filter(isSaid);
    return {
      ready: preventing.length === 0,
      postgres: compared === undefined ? 'down' : 'up',
      schema: compared?.state ?? 'unknown',
      temporal: temporalHealth,
      redis: redisHealth,
      problems: [...preventing, ...annoying],
    };
  };
