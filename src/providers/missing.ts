import type { Role } from '../ports/providers';
import type { Need } from './orders-need';
import { ANY_TENANT } from './registry';
import type { Registry } from './registry';

/** A sentence that names every role without a provider and the tenants that lack it, if there is one. */
export function missingRoles(
  registry: Registry,
  roles: readonly Role[],
  tenants: readonly string[],
): string | undefined {
  const known = [...new Set([...tenants, ...registry.tenants])].sort();
  const parts = roles.flatMap((role) => {
    const lacking = (known.length > 0 ? known : [ANY_TENANT]).filter((tenant) => !registry.chosen(role, tenant));
    return lacking.length > 0 ? [`${role} (${lacking.join(', ') || 'every tenant'})`] : [];
  });
  if (parts.length === 0) return undefined;
  return (
    `No provider for ${parts.join(', ')}: name an adapter for each in PROVIDERS_FILE, ` +
    'or set SANDBOX_URL to try without providers (see docs/providers.md)'
  );
}

/** Those that began at a provider of which the file knows nothing. */
export const goneProviders = (registry: Registry, needs: readonly Need[]): Need[] =>
  needs.filter(({ role, tenant, choice }) => !registry.began(role, tenant, choice));

export const ordersIn = (count: number): string => (count === 1 ? '1 order' : `${count} orders`);

/** A sentence that names every provider that is gone and that orders still need, if there is one. */
export function missingProviders(registry: Registry, needs: readonly Need[]): string | undefined {
  const gone = goneProviders(registry, needs);
  if (gone.length === 0) return undefined;
  const parts = gone.map(
    ({ role, tenant, choice, orders }) => `${ordersIn(orders)} of ${tenant} at ${choice} for ${role}`,
  );
  return (
    `PROVIDERS_FILE lacks what unfinished orders need: ${parts.join(', ')}. ` +
    'Put it back, with "retired": true, until these orders have ended and are settled (see docs/providers.md)'
  );
}
