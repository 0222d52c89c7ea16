import { Resolver, lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';

/** All addresses of a host name; rejects, or is empty, if it has none. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** Both tries together are well within the time limit of a POST. */
const DNS_TRY = { timeout: 2_000, tries: 2 };

/**
 * Queries DNS directly instead of calling getaddrinfo, which shares four threads with files and Postgres: a tenant's slow name server would
 * block them.
 */
export const resolveInDns: Resolve = async (host) => {
  const resolver = new Resolver(DNS_TRY);
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return found.flatMap((answer, at) =>
    answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: at === 0 ? 4 : 6 })) : [],
  );
};

/** Resolves as the machine does, `localhost` included: for local development. */
export const resolveHere: Resolve = (host) => lookup(host, { all: true });
