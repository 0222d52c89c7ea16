import { createHmac, timingSafeEqual } from 'node:crypto';
import { isAnswerOfOurs } from './stored-answer';
import type { StoredAnswer } from './stored-answer';

/** No request may be larger than this, and an answer repeats less than its request held. */
export const LARGEST_ENTRY_BYTES = 64 * 1024;
const MAC_BYTES = 32;
const SHA256_BYTES = 32;

/** The request's fingerprint, the answer, and until when it may be repeated (ms since 1970). */
export interface CacheEntry {
  readonly fingerprint: Buffer;
  readonly answer: StoredAnswer;
  readonly until: number;
}

/** What is wrong with an entry. `forged`: this database's processes never wrote these bytes under this name. */
export type Flaw = 'forged' | 'malformed' | 'too-large' | 'wrong-type';

/**
 * HMAC-SHA256, then one line of JSON about the answer, then its bytes. The name is authenticated too, so an entry that was copied under
 * another name counts as forged. Undefined if the answer is too large, or is not one that this service gives.
 */
export function sealEntry(
  secret: Buffer,
  name: string,
  { fingerprint, answer, until }: CacheEntry,
): Buffer | undefined {
  const { status, headers, body } = answer;
  if (!isAnswerOfOurs(answer)) return undefined;
  const head = JSON.stringify({ until, fingerprint: fingerprint.toString('base64'), status, headers });
  const content = Buffer.concat([Buffer.from(`${head}\n`), body]);
  if (MAC_BYTES + content.length > LARGEST_ENTRY_BYTES) return undefined;
  return Buffer.concat([macOf(secret, name, content), content]);
}

/** Opens what `sealEntry` made; any bytes are safe. Authentic ones are checked too, because another version may have written them. */
export function openEntry(secret: Buffer, name: string, entry: Buffer): CacheEntry | Flaw {
  if (entry.length > LARGEST_ENTRY_BYTES) return 'too-large';
  const [mac, content] = [entry.subarray(0, MAC_BYTES), entry.subarray(MAC_BYTES)];
  if (mac.length < MAC_BYTES || !timingSafeEqual(mac, macOf(secret, name, content))) return 'forged';
  const end = content.indexOf('\n');
  try {
    return entryOf(JSON.parse(content.toString('utf8', 0, end)), content.subarray(end + 1)) ?? 'malformed';
  } catch {
    // Not JSON: nothing else matters about it.
    return 'malformed';
  }
}

function entryOf(head: unknown, body: Buffer): CacheEntry | undefined {
  if (typeof head !== 'object' || head === null) return undefined;
  const { until, fingerprint, status, headers } = head as Record<string, unknown>;
  const answer = { status, headers, body };
  const digest = typeof fingerprint === 'string' ? Buffer.from(fingerprint, 'base64') : Buffer.alloc(0);
  if (!Number.isSafeInteger(until) || digest.length !== SHA256_BYTES || !isAnswerOfOurs(answer)) return undefined;
  return { until: until as number, fingerprint: digest, answer };
}

/** A JSON string marks where the name ends, so no other name and content give the same bytes. */
const macOf = (secret: Buffer, name: string, content: Buffer): Buffer =>
  createHmac('sha256', secret).update(JSON.stringify(name)).update(content).digest();
