import type { LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { AdmittedAddress } from './address-guard';

/** Of an answer that nobody reads; a longer one is cut off. */
const MOST_ANSWER_BYTES = 64 * 1024;

export interface Post {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Certificate authorities to trust instead of the usual ones. */
  readonly ca?: string;
}

/**
 * Makes one POST to the addresses that were admitted and to no other, and gives the status of the answer as soon as it is known.
 * Follows no redirect. The connection is used once: one that the other side closed while it was idle would look like a failure.
 */
export function pinnedPost({ url, addresses }: AdmittedAddress, { body, ...options }: Post): Promise<number> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const pinned = { ...options, method: 'POST', agent: false, lookup: lookupOf(addresses) };
    const call = request(url, pinned, (response) => {
      resolve(response.statusCode ?? 0);
      let room = MOST_ANSWER_BYTES;
      response.on('data', (chunk: Buffer) => {
        room -= chunk.length;
        if (room < 0) response.destroy();
      });
      // The status has been told: how the rest of the answer ends does not matter.
      response.on('error', () => undefined);
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Instead of asking again, which could be answered differently. TLS still checks the certificate against the name. */
const lookupOf =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (host, { all }, callback) => {
    const [first] = addresses;
    if (!first) throw new Error(`${host} was admitted without an address`);
    if (all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
