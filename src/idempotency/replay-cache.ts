import type { Redis } from 'ioredis';
import { LARGEST_ENTRY_BYTES, openEntry, sealEntry } from './cache-entry';
import type { CacheIdentity } from './cache-identity';
import type { ClaimIdentity } from './claims';
import { NONE_REJECTED } from './rejected-entries';
import type { RejectedCounts, RejectedEntries } from './rejected-entries';
import { MOST_COPIED_MS } from './retention';
import type { StoredAnswer } from './stored-answer';

/** After a failure Redis is not asked for this long, so that a hanging Redis slows down one request and not all. */
const LEFT_ALONE_MS = 1_000;

/** The request's fingerprint, the answer, and how long it may still be repeated. */
export interface CachedAnswer {
  readonly fingerprint: Buffer;
  readonly answer: StoredAnswer;
  readonly goodForMs: number;
}

export type AnswerKind = 'acceptance' | 'outcome';

/**
 * Keeps answers that never change. It decides nothing: any failure here is a miss, and Postgres is asked. An entry is trusted only if one of
 * this database's processes wrote it under this very name.
 */
export interface ReplayCache {
  get(kind: AnswerKind, identity: ClaimIdentity): Promise<CachedAnswer | undefined>;
  set(kind: AnswerKind, identity: ClaimIdentity, cached: CachedAnswer): void;
  /** Entries that were not trusted, since this process started. */
  rejected(): RejectedCounts;
}

/** For an API without Redis. */
export const noReplayCache: ReplayCache = {
  get: async () => undefined,
  set: () => undefined,
  rejected: () => NONE_REJECTED,
};

export interface RedisReplayCacheOptions {
  readonly identity: CacheIdentity;
  readonly rejected: RejectedEntries;
  /** The host's clock, because other processes read the times it writes. */
  readonly now: () => number;
}

export function redisReplayCache(redis: Redis, { identity, rejected, now }: RedisReplayCacheOptions): ReplayCache {
  let leftAloneUntil = 0;
  const failed = () => {
    leftAloneUntil = now() + LEFT_ALONE_MS;
    return undefined;
  };
  const secretAndName = async (kind: AnswerKind, { tenant, operation, key }: ClaimIdentity) => {
    const own = now() < leftAloneUntil ? undefined : await identity.current();
    // "sealed": earlier versions wrote and read entries without a seal, under other names.
    return own && { secret: own.cacheSecret, name: `replay:sealed:${own.id}:${kind}:${tenant}:${operation}:${key}` };
  };

  return {
    async get(kind, claim) {
      const own = await secretAndName(kind, claim);
      if (!own) return undefined;
      // One byte more than an entry may have, so that a larger one is recognised without being fetched whole.
      const bytes = await redis.getrangeBuffer(own.name, 0, LARGEST_ENTRY_BYTES).catch((error: unknown) => {
        return isWrongType(error) ? rejected.count('wrong-type') : failed();
      });
      if (!bytes || bytes.length === 0) return undefined;
      const entry = openEntry(own.secret, own.name, bytes);
      if (typeof entry === 'string') return void rejected.count(entry);
      // Redis' clock may differ from ours, and from that of the host that wrote the entry.
      const goodForMs = Math.min(entry.until - now(), MOST_COPIED_MS);
      return goodForMs > 0 ? { ...entry, goodForMs } : undefined;
    },
    set(kind, claim, { fingerprint, answer, goodForMs }) {
      if (goodForMs < 1) return;
      void (async () => {
        const own = await secretAndName(kind, claim);
        const until = Math.floor(now() + goodForMs);
        const entry = own && sealEntry(own.secret, own.name, { fingerprint, answer, until });
        if (entry) await redis.set(own.name, entry, 'PX', Math.ceil(goodForMs)).catch(failed);
      })();
    },
    rejected: () => rejected.counts,
  };
}

/** Redis gives no error code other than the first word of its message. */
const isWrongType = (error: unknown): boolean => error instanceof Error && error.message.startsWith('WRONGTYPE ');
