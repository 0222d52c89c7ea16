import type { LookupAddress } from 'node:dns';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { AdmittedAddress } from './address-guard';

/** Interim answers (1xx) before the real one: without a limit an endpoint could send them for ever. */
const MOST_INTERIM = 10;

export interface Post {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Certificate authorities to trust instead of the usual ones. */
  readonly ca?: string;
}

/**
 * Makes one POST to the admitted addresses and no other, and returns the status of the answer as soon as it is known. Then the connection
 * is destroyed in any case: nobody reads the answer's body, which could drip for ever. It follows no redirect. Each connection is used
 * once: if the other side closed it while idle, that would look like a failure.
 */
export function pinnedPost({ url, addresses }: AdmittedAddress, { body, ...options }: Post): Promise<number> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const call = request(url, { ...options, method: 'POST', agent: false, lookup: lookupOf(addresses) });
    const settle = ({ statusCode = 0, socket }: IncomingMessage) => {
      resolve(statusCode);
      socket.destroy();
    };
    call.on('response', (response) => {
      // The status is all we need: how the rest of the answer ends does not matter.
      response.on('error', () => undefined);
      settle(response);
    });
    // To Node, 101 is not a response. Without a listener the request would just end.
    call.on('upgrade', settle);
    let interim = 0;
    call.on('information', () => {
      interim += 1;
      if (interim > MOST_INTERIM) call.destroy(new NoAnswer('too many interim answers'));
    });
    call.on('error', reject);
    // Whatever closes it: a promise that is settled already ignores this.
    call.on('close', () => reject(new NoAnswer('the connection was closed')));
    call.end(body);
  });
}

/** Has a code for the tenant, as network errors do. */
class NoAnswer extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** Replaces a second look-up, which could have another result. TLS still checks the certificate against the name. */
const lookupOf =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (host, { all }, callback) => {
    const [first] = addresses;
    if (!first) throw new Error(`${host} was admitted without an address`);
    if (all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
