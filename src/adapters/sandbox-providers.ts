import type { Ports, ProviderOf } from '../ports/providers';
import type { Queryable } from '../postgres/database';
import { catalogPricing } from './catalog/pricing';
import { HTTP_PORTS } from './http/http-ports';
import { postgresInventory } from './postgres/inventory';
import { postgresLoyalty } from './postgres/loyalty';

/** The sandbox process at `url` and, for what it does not serve, the embedded adapters. There is nothing to close. */
export function sandboxProviders(url: string, db: Queryable): ProviderOf {
  const ports: Ports = {
    pricing: catalogPricing(db),
    inventory: postgresInventory(),
    loyalty: postgresLoyalty(),
    payments: HTTP_PORTS.payments({ url }),
    warehouse: HTTP_PORTS.warehouse({ url }),
    mail: HTTP_PORTS.mail({ url }),
    carrier: HTTP_PORTS.carrier({ url }),
  };
  return (role) => ports[role];
}
