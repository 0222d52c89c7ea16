import { createHash } from 'node:crypto';
import { SANDBOX_API_KEYS } from '../domain/api-keys';
import type { Caller, KnownCaller } from '../domain/api-keys';
import type { Queryable } from '../postgres/database';
import { LookUps } from './look-ups';
import { Remembered } from './remembered';

/** How long a revoked key may still work. A busy key costs one query in this time. */
const REMEMBERED_MS = 10_000;
/** Valid keys and wrong keys, counted separately, because anybody can make up any number of wrong ones. */
const MOST_REMEMBERED = 10_000;

/** What `createApiKey` makes: anything else is wrong without a query. */
const SHAPE = /^sk_live_[\w-]{43}$/;

/** Enough to tell keys apart in counters and logs, too little to look like one. */
const KEY_ID_DIGITS = 16;

/**
 * Synchronous for a key that was looked up lately. For a key that has never been valid here, `mayTry` is called before anything else: if it
 * returns false, the key counts as wrong.
 */
export type FindCaller = (
  apiKey: string,
  mayTry?: () => boolean,
) => KnownCaller | undefined | Promise<KnownCaller | undefined>;

export const digestOf = (apiKey: string): Buffer => createHash('sha256').update(apiKey).digest();

/**
 * Finds the caller of an API key. Keys are looked up by their SHA-256, so the time it takes reveals nothing about a key that is nearly
 * right. `sandbox` also accepts the keys that the README prints.
 */
export function callerFinder(db: Queryable, { sandbox, now }: { sandbox: boolean; now: () => number }): FindCaller {
  const bounds = { most: MOST_REMEMBERED, forMs: REMEMBERED_MS, now };
  const right = new Remembered<KnownCaller>(bounds);
  const wrong = new Remembered<true>(bounds);
  const lookUps = new LookUps<KnownCaller | undefined>();
  const printed = sandbox ? SANDBOX_API_KEYS : {};

  const learn = async (digest: Buffer, name: string): Promise<KnownCaller | undefined> => {
    const caller = await callerOf(db, digest);
    if (caller) return remember(name, caller);
    right.forget(name);
    wrong.learn(name, true);
    return undefined;
  };
  const remember = (name: string, caller: Caller): KnownCaller => {
    const known = { ...caller, keyId: name.slice(0, KEY_ID_DIGITS) };
    right.learn(name, known);
    return known;
  };

  return (apiKey, mayTry = () => true) => {
    const digest = digestOf(apiKey);
    const name = digest.toString('hex');
    const caller = right.fresh(name);
    if (caller) return caller;
    if (Object.hasOwn(printed, apiKey)) return remember(name, printed[apiKey] as Caller);
    const known = right.has(name);
    if (!known && (!mayTry() || !SHAPE.test(apiKey) || wrong.fresh(name))) return undefined;
    return lookUps.share(name, () => learn(digest, name), { known });
  };
}

async function callerOf(db: Queryable, digest: Buffer): Promise<Caller | undefined> {
  const { rows } = await db.query<{ tenant: string; scope: Caller['scope'] }>(
    `select tenant, scope from api_keys where digest = $1 and revoked_at is null`,
    [digest],
  );
  return rows[0];
}
