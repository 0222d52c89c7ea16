import { Resolver, lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';

/** All addresses of a host name; rejects, or is empty, when there is none. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** With the second try, well inside the time for a POST. */
const DNS_TRY = { timeout: 2_000, tries: 2 };

/**
 * Asks the name servers and not getaddrinfo: that has four threads for the whole process, which files and Postgres need as well, and a
 * tenant's slow name server would hold them.
 */
export const resolveInDns: Resolve = async (host) => {
  const resolver = new Resolver(DNS_TRY);
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return found.flatMap((answer, at) =>
    answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: at === 0 ? 4 : 6 })) : [],
  );
};

/** As the machine would, with names of its own such as `localhost`: for local development. */
export const resolveHere: Resolve = (host) => lookup(host, { all: true });
