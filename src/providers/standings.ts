import type { HttpSettings } from '../adapters/http/settings';
import type { Role } from '../ports/providers';
import { settleWithin } from '../runtime/time-limit';
import { EMBEDDED, ROLES } from './adapters';
import type { BreakerState } from './calls/breaker';
import { worstBreakers } from './calls/provider-figures';
import type { WorstBreaker } from './calls/provider-figures';
import { choiceOf } from './entry';
import type { Entry } from './entry';
import { goneProviders, ordersIn } from './missing';
import { ProvidersFileError } from './mistakes';
import { openPorts } from './open-ports';
import type { Opening } from './open-ports';
import { ordersNeed } from './orders-need';
import type { Need } from './orders-need';
import { readProvidersFile } from './read-file';
import { ANY_TENANT, Registry, unwrittenEntries } from './registry';

/** Longer than any adapter takes to ask. */
const REACH_LIMIT_MS = 10_000;

/** Which provider serves a role of a tenant, and whether it can be used. */
export interface Standing {
  /** Null stands for every tenant without a provider of its own. */
  readonly tenant: string | null;
  readonly role: Role;
  /** As in the file, with its account; null if nothing serves the role. */
  readonly adapter: string | null;
  /** Only for orders that began at it. */
  readonly retired: boolean;
  /** Null if its adapter cannot ask. */
  readonly reachable: boolean | null;
  /** Why it cannot be used, if that is known. */
  readonly why: string | null;
  readonly breaker: BreakerState;
  /** ISO 8601; null for a breaker that has not changed lately. */
  readonly breakerSince: string | null;
}

export interface StandingsParts extends Opening {
  readonly sandbox: HttpSettings | undefined;
}

/** Every role of every tenant in the file, and of all others, whether or not it can be used; then what orders need and the file lacks. */
export async function providerStandings({ sandbox, ...opening }: StandingsParts): Promise<Standing[]> {
  const { file, lent } = opening;
  const written = file === '' ? [] : await readProvidersFile(file);
  const registry = new Registry([...written, ...unwrittenEntries(sandbox)]);
  const breakers = await worstBreakers(lent.db);
  const gone = goneProviders(registry, await ordersNeed(lent.db, ROLES));
  const reaches = new Map<Entry, Promise<Reach>>();
  const reachOf = (entry: Entry) => {
    const reach = reaches.get(entry) ?? reachFor(entry, opening);
    reaches.set(entry, reach);
    return reach;
  };

  const places = [ANY_TENANT, ...registry.tenants].flatMap((tenant) => ROLES.map((role) => ({ tenant, role })));
  const standings = places.flatMap(({ tenant, role }): Promise<Standing>[] => {
    const chosen = registry.chosen(role, tenant);
    const of = { tenant: tenant === ANY_TENANT ? null : tenant, role };
    if (!chosen) return [Promise.resolve({ ...of, ...NOTHING })];
    const retired = registry.entries.filter(
      (entry) => entry.role === role && entry.retired && (entry.tenant ?? ANY_TENANT) === tenant,
    );
    return [chosen, ...retired].map(async (entry) => ({
      ...of,
      ...{ adapter: choiceOf(entry), retired: entry.retired },
      ...(await reachOf(entry)),
      ...breakerFor(breakers, { ...of, adapter: choiceOf(entry) }),
    }));
  });
  return [...(await Promise.all(standings)), ...gone.map(standingOfGone)];
}

export const canBeUsed = ({ adapter, reachable, breaker }: Standing): boolean =>
  adapter !== null && reachable !== false && breaker !== 'open';

type Reach = Pick<Standing, 'reachable' | 'why'>;

const NOTHING: Omit<Standing, 'tenant' | 'role'> = {
  adapter: null,
  retired: false,
  reachable: false,
  why: 'nothing serves this role',
  breaker: 'closed',
  breakerSince: null,
};

const standingOfGone = ({ tenant, role, choice, orders }: Need): Standing => ({
  ...{ ...NOTHING, tenant, role, adapter: choice, retired: true },
  why: `PROVIDERS_FILE lacks it, and ${ordersIn(orders)} began at it: put it back, with "retired": true`,
});

async function reachFor(entry: Entry, opening: Opening): Promise<Reach> {
  // Our own database has just been asked for the breakers.
  if (entry.adapter === EMBEDDED[entry.role]) return { reachable: true, why: null };
  try {
    const ports = await openPorts([entry], opening);
    try {
      const port = ports.portOf(entry.role, entry);
      if (!port.reach) return { reachable: null, why: null };
      await settleWithin(REACH_LIMIT_MS, async () => port.reach?.(), 'The provider');
      return { reachable: true, why: null };
    } finally {
      await ports.close();
    }
  } catch (error) {
    return { reachable: false, why: reasonIn(error) };
  }
}

/** Of a mistake in the file, without its head: this is about one entry. */
function reasonIn(error: unknown): string {
  if (error instanceof ProvidersFileError) return error.mistakes.join('\n');
  return error instanceof Error ? error.message : String(error);
}

/** The worst of them: for all tenants without an own provider it is that of any. */
function breakerFor(
  breakers: readonly WorstBreaker[],
  { tenant, role, adapter }: { tenant: string | null; role: Role; adapter: string },
): Pick<Standing, 'breaker' | 'breakerSince'> {
  const ofIt = breakers.filter(
    (one) => one.role === role && one.adapter === adapter && (tenant === null || one.tenant === tenant),
  );
  for (const breaker of ['open', 'half-open'] as const) {
    const since = ofIt.find(({ state }) => state === breaker)?.since;
    if (since) return { breaker, breakerSince: since.toISOString() };
  }
  return { breaker: 'closed', breakerSince: null };
}
