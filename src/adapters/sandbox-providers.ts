import type { Ports, ProviderOf } from '../ports/providers';
import type { Queryable } from '../postgres/database';
import { catalogPricing } from './catalog/pricing';
import { postgresInventory } from './postgres/inventory';
import { postgresLoyalty } from './postgres/loyalty';
import { SandboxCarrier } from './sandbox-carrier';
import { SandboxHttp } from './sandbox-http';
import { SandboxMailer } from './sandbox-mailer';
import { SandboxPayments } from './sandbox-payments';
import { SandboxWarehouse } from './sandbox-warehouse';

/** The sandbox process at `baseUrl` and, for what it does not serve, the embedded adapters. There is nothing to close. */
export function sandboxProviders(baseUrl: string, db: Queryable): ProviderOf {
  const http = new SandboxHttp(baseUrl);
  const ports: Ports = {
    pricing: catalogPricing(db),
    inventory: postgresInventory(),
    loyalty: postgresLoyalty(),
    payments: new SandboxPayments(http),
    warehouse: new SandboxWarehouse(http),
    mail: new SandboxMailer(http),
    carrier: new SandboxCarrier(http),
  };
  return (role) => ports[role];
}
