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

/** An address that may be called, and where it is. To dial anything else is to dial what nobody has looked at. */
export interface AdmittedAddress {
  readonly url: URL;
  readonly addresses: readonly LookupAddress[];
}

/** Why an address may not be called, in words for the tenant who gave it. */
export class AddressRefused extends Error {}

/** Of the normalised address: the index that keeps endpoints apart takes no more. */
const LONGEST_URL = 2_000;
/** Ports below belong to other protocols, and nobody shall have us knock at their doors. The default port is none to `URL`. */
const FIRST_FREE_PORT = 1_024;

/**
 * Admits an address whose host has only public addresses at this very moment, or throws `AddressRefused`. Asked when an endpoint is
 * created and again whenever something is sent, because what a name stands for changes.
 */
export async function admit(address: string, rules: AddressRules): Promise<AdmittedAddress> {
  const url = admittedUrl(address, rules);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await addressesOf(host, rules);
  const suitable = addresses.every((each) => rules.allowPrivate || isPublicAddress(each.address));
  // One sentence for both: nobody learns here which names our network knows.
  if (addresses.length === 0 || !suitable)
    throw new AddressRefused(`${host} has no address, or one that is not public.`);
  return { url, addresses };
}

/** `URL` has turned 0x7f.1, 2130706433 and ①②⑦.0.0.1 into 127.0.0.1 by then, as a client would. */
function admittedUrl(address: string, { allowPrivate }: AddressRules): URL {
  if (!URL.canParse(address)) throw new AddressRefused('It is no URL.');
  const url = new URL(address);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    throw new AddressRefused('It has to begin with https://.');
  }
  if (url.username !== '' || url.password !== '') throw new AddressRefused('It must not name a user.');
  if (url.port !== '' && Number(url.port) < FIRST_FREE_PORT) {
    throw new AddressRefused(`Its port has to be the default one, or ${FIRST_FREE_PORT} or above.`);
  }
  // Never sent, so it makes no other address.
  url.hash = '';
  if (url.href.length > LONGEST_URL) throw new AddressRefused(`It is longer than ${LONGEST_URL} characters.`);
  return url;
}

async function addressesOf(host: string, { allowPrivate, resolve }: AddressRules): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const ask = resolve ?? (allowPrivate ? resolveHere : resolveInDns);
  // A name server that is away looks like a name without addresses: what was sent is tried again, what was created can be.
  return ask(host).catch(() => []);
}
