import type { HttpSettings } from '../adapters/http/settings';
import type { Choices, ProviderOf, Role } from '../ports/providers';
import type { Database } from '../postgres/database';
import { isUnavailable, sqlStateOf, UNDEFINED_COLUMN, UNDEFINED_TABLE } from '../postgres/error-codes';
import type { Logger } from '../runtime/logger';
import type { ProviderCalls } from './calls/provider-calls';
import { ROLES, SANDBOX } from './adapters';
import { missingProviders, missingRoles } from './missing';
import { openPorts } from './open-ports';
import { ordersNeed, tenantsWithKeys } from './orders-need';
import { providersOf } from './provider-of';
import { readProvidersFile } from './read-file';
import { Registry, unwrittenEntries } from './registry';
import type { Uses } from './uses';

export interface Providers {
  readonly providerOf: ProviderOf;
  /** Where an order of the tenant begins. */
  readonly choices: (tenant: string) => Choices;
  readonly uses: Uses;
  close(): Promise<void>;
}

export interface ProvidersParts {
  /** The path of `PROVIDERS_FILE`; empty if there is none. */
  readonly file: string;
  readonly sandbox: HttpSettings | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What this process calls. Of the others it opens nothing, so that it needs none of their secrets. */
  readonly roles?: readonly Role[];
  readonly calls: Pick<ProviderCalls, 'guarded'>;
  readonly db: Database;
  /** The time to sign calls with; without it, the host's. */
  readonly now?: () => Date;
  readonly logger: Logger;
}

/** Throws a sentence if the file has a mistake, or if an order, old or new, would have no provider. Connects to no provider. */
export async function openProviders(parts: ProvidersParts): Promise<Providers> {
  const { file, sandbox, environment, roles = ROLES, calls, db, now, logger } = parts;
  const written = file === '' ? [] : await readProvidersFile(file);
  const entries = [...written, ...unwrittenEntries(sandbox)].filter(({ role }) => roles.includes(role));
  const registry = new Registry(entries);
  const missing =
    missingRoles(registry, roles, (await unlessAway(tenantsWithKeys(db))) ?? []) ??
    missingProviders(registry, (await unlessAway(ordersNeed(db, roles))) ?? []);
  if (missing !== undefined) throw new Error(missing);
  const ports = await openPorts(entries, { file, environment, lent: { db, ...(now && { now }) } });
  const { uses } = registry;
  const atTheSandbox = roles.filter((role) => uses[role]?.includes(SANDBOX));
  logger.info({ providers: uses }, 'providers');
  if (atTheSandbox.length > 0)
    logger.warn({ roles: atTheSandbox }, 'the sandbox serves these roles: nothing of it happens in the real world');
  return {
    providerOf: providersOf({ db, registry, ports, calls }),
    choices: (tenant) => registry.choices(tenant),
    uses,
    close: () => ports.close(),
  };
}

const LACKING = [UNDEFINED_TABLE, UNDEFINED_COLUMN];

/** A process starts without Postgres too. An order whose provider is gone then says so when it calls it. */
const unlessAway = <T>(reading: Promise<T>): Promise<T | undefined> =>
  reading.catch((error: unknown) => {
    // Or on a schema that is still to be migrated.
    if (isUnavailable(error) || LACKING.includes(sqlStateOf(error) ?? '')) return undefined;
    throw error;
  });
