import { createHmac, timingSafeEqual } from 'node:crypto';
import { isAnswerOfOurs } from './stored-answer';
import type { StoredAnswer } from './stored-answer';

/** An answer repeats less than its request held, and no request may hold more than this. */
export const LARGEST_ENTRY_BYTES = 64 * 1024;
const MAC_BYTES = 32;
const SHA256_BYTES = 32;

/** What an answer was given to, the answer, and until when it may be repeated (ms since 1970). */
export interface CacheEntry {
  readonly fingerprint: Buffer;
  readonly answer: StoredAnswer;
  readonly until: number;
}

/** What is wrong with an entry. `forged`: this database's processes never wrote these bytes under this name. */
export type Flaw = 'forged' | 'malformed' | 'too-large' | 'wrong-type';

/**
 * HMAC-SHA256, then one line of JSON about the answer, then its bytes. The name is authenticated too, so that an entry that was copied
 * under another name is forged. Undefined for an answer that is too large or has something that we never answer.
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

/** What `sealEntry` made of it, whatever the bytes are. Authentic ones are looked at too: another version may have written them. */
export function openEntry(secret: Buffer, name: string, entry: Buffer): CacheEntry | Flaw {
  if (entry.length > LARGEST_ENTRY_BYTES) return 'too-large';
  const [mac, content] = [entry.subarray(0, MAC_BYTES), entry.subarray(MAC_BYTES)];
  if (mac.length < MAC_BYTES || !timingSafeEqual(mac, macOf(secret, name, content))) return 'forged';
  const end = content.indexOf('\n');
  try {
    return entryOf(JSON.parse(content.toString('utf8', 0, end)), content.subarray(end + 1)) ?? 'malformed';
  } catch {
    // No JSON, which is all there is to know.
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

/** As a JSON string the name ends where it ends: no other name and content are authenticated by the same bytes. */
const macOf = (secret: Buffer, name: string, content: Buffer): Buffer =>
  createHmac('sha256', secret).update(JSON.stringify(name)).update(content).digest();
