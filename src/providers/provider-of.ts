import type { OrderRef, Ports, ProviderOf, Role } from '../ports/providers';
import type { Database } from '../postgres/database';
import { EMBEDDED } from './adapters';
import type { ProviderCalls } from './calls/provider-calls';
import { choiceOf } from './entry';
import type { OpenPorts } from './open-ports';
import type { Registry } from './registry';
import { keepChoice, storedChoices } from './stored-choices';

interface Parts {
  readonly db: Database;
  readonly registry: Registry;
  readonly ports: OpenPorts;
  readonly calls: Pick<ProviderCalls, 'guarded'>;
}

/** Every provider behind the same guard. */
export const providersOf =
  ({ db, registry, ports, calls }: Parts): ProviderOf =>
  async <R extends Role>(role: R, order: OrderRef): Promise<Ports[R]> => {
    const adapter = await choiceFor(db, registry, role, order);
    const entry = registry.began(role, order.tenant, adapter);
    if (!entry)
      throw new Error(`The order's ${role} provider, ${adapter}, is not in PROVIDERS_FILE any more: put it back`);
    const { tenant, uncertain = false } = order;
    const port = ports.portOf(role, entry);
    // Our own database needs no guard.
    if (adapter === EMBEDDED[role]) return port;
    return calls.guarded(port, { role, tenant, adapter, uncertain });
  };

async function choiceFor(db: Database, registry: Registry, role: Role, order: OrderRef): Promise<string> {
  const stored = order.providers === undefined ? await storedChoices(db, order) : order.providers;
  if (stored?.[role] !== undefined) return stored[role];
  const entry = registry.chosenBefore(role, order.tenant);
  if (!entry) throw new Error(`No provider serves ${role} for the tenant ${order.tenant}: add one to PROVIDERS_FILE`);
  return keepChoice(db, order, role, choiceOf(entry));
}
