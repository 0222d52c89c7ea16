import type { LookupAddress } from 'node:dns';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { AdmittedAddress } from './address-guard';

/** Interim answers (1xx) that an endpoint may send before its real one: without a limit it could go on for ever. */
const MOST_INTERIM = 10;

export interface Post {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Certificate authorities to trust instead of the usual ones. */
  readonly ca?: string;
}

/**
 * Makes one POST to the addresses that were admitted and to no other, and gives the status of the answer as soon as it is known. Then, and
 * whatever else happens, the connection is destroyed: an answer's body is read by nobody, and could drip for ever. It follows no redirect.
 * The connection is used once: one that the other side closed while it was idle would look like a failure.
 */
export function pinnedPost({ url, addresses }: AdmittedAddress, { body, ...options }: Post): Promise<number> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const call = request(url, { ...options, method: 'POST', agent: false, lookup: lookupOf(addresses) });
    const told = ({ statusCode = 0, socket }: IncomingMessage) => {
      resolve(statusCode);
      socket.destroy();
    };
    call.on('response', (response) => {
      // The status has been told: how the rest of the answer ends does not matter.
      response.on('error', () => undefined);
      told(response);
    });
    // 101 is no response to Node. Unheard, the request would end without a word.
    call.on('upgrade', told);
    let interim = 0;
    call.on('information', () => {
      interim += 1;
      if (interim > MOST_INTERIM) call.destroy(new NoAnswer('too many interim answers'));
    });
    call.on('error', reject);
    // Whatever closes it: a promise that is settled already hears nothing of this.
    call.on('close', () => reject(new NoAnswer('the connection was closed')));
    call.end(body);
  });
}

/** With the code by which a tenant is told why, as errors of the network have one. */
class NoAnswer extends Error {
  constructor(readonly code: string) {
    super(code);
  }
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
