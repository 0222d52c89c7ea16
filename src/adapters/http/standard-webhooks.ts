import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookHeaders, Webhooks } from '../../ports/notice';

const LONGEST_ID = 200;
const SECONDS = /^[0-9]{1,12}$/;
/** Anything else would be no key, or an empty one, with which anybody could sign. */
const SECRET = /^(?:whsec_)?([A-Za-z0-9+/]{2,}={0,2})$/;

/** Webhooks of a provider that speaks our HTTP protocol: signed like our calls to it, with a body that names the key, `{ "key": … }`. */
export const standardWebhooks: Webhooks = {
  signedWith: 'secret',

  read(secret, headers, bytes) {
    const signature = signatureOf(headers);
    if (!signature || !isSigned(secret, signature, bytes)) return undefined;
    const key = keyIn(bytes.toString());
    return { id: signature.id, signedAt: signature.timestamp, ...(key !== undefined && { key }) };
  },
};

/** The three headers of Standard Webhooks. */
interface Signature {
  readonly id: string;
  readonly timestamp: number;
  /** One or more, separated by spaces: while its secret changes, a sender signs with both. */
  readonly signature: string;
}

/** Undefined if it cannot have been signed. */
function signatureOf(headers: WebhookHeaders): Signature | undefined {
  const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`]);
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID) return undefined;
  if (typeof timestamp !== 'string' || !SECONDS.test(timestamp) || typeof signature !== 'string') return undefined;
  return { id, timestamp: Number(timestamp), signature };
}

/** Over the bytes, which need not be text: the library of Standard Webhooks would decode them first. */
function isSigned(secret: string, { id, timestamp, signature }: Signature, bytes: Buffer): boolean {
  const [, key] = SECRET.exec(secret) ?? [];
  if (key === undefined) return false;
  const hmac = createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${timestamp}.`).update(bytes);
  const expected = Buffer.from(`v1,${hmac.digest('base64')}`);
  return signature.split(' ').some((each) => {
    const given = Buffer.from(each);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** It is signed, but may be written by a provider of any language, and for any purpose. */
function keyIn(body: string): string | undefined {
  try {
    const { key } = JSON.parse(body) as { readonly key?: unknown };
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}
