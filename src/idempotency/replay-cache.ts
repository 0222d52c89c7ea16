import type { Redis } from 'ioredis';
import type { ClaimIdentity } from './claims';
import type { StoredAnswer } from './stored-answer';

/** Retries come within minutes; what is older costs a query. Far below the retention, so no answer outlives it here. */
const KEPT_SECONDS = 24 * 60 * 60;
/** After a failure Redis is left alone for this long, so that one that hangs slows down one request and not all. */
const LEFT_ALONE_MS = 1_000;

/** What an answer was given to, and the answer. */
export interface CachedAnswer {
  readonly fingerprint: Buffer;
  readonly answer: StoredAnswer;
}

export type AnswerKind = 'acceptance' | 'outcome';

/** Keeps answers that never change. It decides nothing: whatever goes wrong here is a miss, and Postgres is asked. */
export interface ReplayCache {
  get(kind: AnswerKind, identity: ClaimIdentity): Promise<CachedAnswer | undefined>;
  set(kind: AnswerKind, identity: ClaimIdentity, cached: CachedAnswer): void;
}

/** For an API without Redis. */
export const noReplayCache: ReplayCache = { get: async () => undefined, set: () => undefined };

/** `installation` names the database whose answers these are: a cache that outlives it must not speak for the next one. */
export function redisReplayCache(redis: Redis, installation: string, now: () => number): ReplayCache {
  let leftAloneUntil = 0;
  const nameOf = (kind: AnswerKind, { tenant, operation, key }: ClaimIdentity) =>
    `replay:${installation}:${kind}:${tenant}:${operation}:${key}`;
  const failed = () => {
    leftAloneUntil = now() + LEFT_ALONE_MS;
    return undefined;
  };

  return {
    async get(kind, identity) {
      if (now() < leftAloneUntil) return undefined;
      const entry = await redis.getBuffer(nameOf(kind, identity)).catch(failed);
      return entry ? decode(entry, now()) : undefined;
    },
    set(kind, identity, cached) {
      if (now() < leftAloneUntil) return;
      void redis
        .set(nameOf(kind, identity), encode(cached, now() + KEPT_SECONDS * 1_000), 'EX', KEPT_SECONDS)
        .catch(failed);
    },
  };
}

type Head = { until: number; fingerprint: string } & Omit<StoredAnswer, 'body'>;

/** One line of JSON about the answer, then its bytes as they are. */
const encode = ({ fingerprint, answer: { status, headers, body } }: CachedAnswer, until: number): Buffer =>
  Buffer.concat([
    Buffer.from(`${JSON.stringify({ until, fingerprint: fingerprint.toString('base64'), status, headers })}\n`),
    body,
  ]);

function decode(entry: Buffer, now: number): CachedAnswer | undefined {
  try {
    const end = entry.indexOf('\n');
    const head = JSON.parse(entry.toString('utf8', 0, end)) as Head;
    // Redis' own clock need not be ours.
    if (head.until < now) return undefined;
    return {
      fingerprint: Buffer.from(head.fingerprint, 'base64'),
      answer: { status: head.status, headers: head.headers, body: entry.subarray(end + 1) },
    };
  } catch {
    // Not written by this code: as good as not there.
    return undefined;
  }
}
