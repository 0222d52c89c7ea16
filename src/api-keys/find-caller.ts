import { createHash } from 'node:crypto';
import { SANDBOX_API_KEYS } from '../domain/api-keys';
import type { Caller, KnownCaller } from '../domain/api-keys';
import type { Queryable } from '../postgres/database';

/** How long a revoked key may still work, and how often a busy one costs a query. */
const REMEMBERED_MS = 10_000;
/** Bounds what a flood of made-up keys can make us remember. */
const MOST_REMEMBERED = 10_000;

/** Enough to tell keys apart in counters and logs, too little to look like one. */
const KEY_ID_DIGITS = 16;

/** At once for a key that was asked about lately. */
export type FindCaller = (apiKey: string) => KnownCaller | undefined | Promise<KnownCaller | undefined>;

export const digestOf = (apiKey: string): Buffer => createHash('sha256').update(apiKey).digest();

/**
 * Tells whom an API key speaks for. Keys are looked up by their SHA-256, so how long that takes says nothing about a key that is
 * nearly right. `sandbox` also accepts the printed keys of the README.
 */
export function callerFinder(db: Queryable, { sandbox, now }: { sandbox: boolean; now: () => number }): FindCaller {
  const remembered = new Map<string, { caller: KnownCaller | undefined; until: number }>();
  const known = new Map(
    sandbox ? Object.entries(SANDBOX_API_KEYS).map(([key, caller]) => [digestOf(key).toString('hex'), caller]) : [],
  );

  const learn = async (digest: Buffer, name: string): Promise<KnownCaller | undefined> => {
    const found = known.get(name) ?? (await callerOf(db, digest));
    const caller = found && { ...found, keyId: name.slice(0, KEY_ID_DIGITS) };
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(name, { caller, until: now() + REMEMBERED_MS });
    return caller;
  };

  return (apiKey) => {
    const digest = digestOf(apiKey);
    const name = digest.toString('hex');
    const held = remembered.get(name);
    return held && held.until > now() ? held.caller : learn(digest, name);
  };
}

async function callerOf(db: Queryable, digest: Buffer): Promise<Caller | undefined> {
  const { rows } = await db.query<{ tenant: string; scope: Caller['scope'] }>(
    `select tenant, scope from api_keys where digest = $1 and revoked_at is null`,
    [digest],
  );
  return rows[0];
}
