import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address';
import { resolveHere, resolveInDns } from './resolve';
import type { Resolve } from './resolve';

export interface AddressRules {
  /** Allows http and private addresses, for local development and tests. */
  readonly allowPrivate: boolean;
  readonly resolve?: Resolve;
}

/** A URL that may be called, and its IP addresses. Dial only these: nothing else has been checked. */
export interface AdmittedAddress {
  readonly url: URL;
  readonly addresses: readonly LookupAddress[];
}

/** Why an address may not be called, in a sentence for its tenant. */
export class AddressRefused extends Error {}

/** Of the normalised URL: the unique index on endpoints takes no more. */
const LONGEST_URL = 2_000;
/** Lower ports belong to other protocols, and tenants must not make us connect to them. For `URL` the default port is empty. */
const FIRST_FREE_PORT = 1_024;

/**
 * Admits a URL whose host has only public addresses at the moment, or throws `AddressRefused`. Called when an endpoint is created and again
 * for each delivery, because DNS changes.
 */
export async function admit(address: string, rules: AddressRules): Promise<AdmittedAddress> {
  const url = admittedUrl(address, rules);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await addressesOf(host, rules);
  const suitable = addresses.every((each) => rules.allowPrivate || isPublicAddress(each.address));
  // One sentence for both cases: it must not reveal which names our network knows.
  if (addresses.length === 0 || !suitable)
    throw new AddressRefused(`${host} has no address, or has one that is not public.`);
  return { url, addresses };
}

/** `URL` turns 0x7f.1, 2130706433 and ①②⑦.0.0.1 into 127.0.0.1, as a client would. */
function admittedUrl(address: string, { allowPrivate }: AddressRules): URL {
  if (!URL.canParse(address)) throw new AddressRefused('It is not a valid URL.');
  const url = new URL(address);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    throw new AddressRefused('It must begin with https://.');
  }
  if (url.username !== '' || url.password !== '')
    throw new AddressRefused('It must not contain a user name or password.');
  if (url.port !== '' && Number(url.port) < FIRST_FREE_PORT) {
    throw new AddressRefused(`Its port must be the default one, or ${FIRST_FREE_PORT} or above.`);
  }
  // A fragment is never sent, so it does not make another address.
  url.hash = '';
  if (url.href.length > LONGEST_URL) throw new AddressRefused(`It is longer than ${LONGEST_URL} characters.`);
  return url;
}

async function addressesOf(host: string, { allowPrivate, resolve }: AddressRules): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const ask = resolve ?? (allowPrivate ? resolveHere : resolveInDns);
  // If DNS is away, the name seems to have no address: a delivery is retried, and the tenant can retry a creation.
  return ask(host).catch(() => []);
}
