import type { Ports, ProviderOf } from '../ports/providers';
import { SandboxCarrier } from './sandbox-carrier';
import { SandboxHttp } from './sandbox-http';
import { SandboxMailer } from './sandbox-mailer';
import { SandboxPayments } from './sandbox-payments';
import { SandboxWarehouse } from './sandbox-warehouse';

/** All ports over the sandbox process at `baseUrl`. There is nothing to close. */
export function sandboxProviders(baseUrl: string): ProviderOf {
  const http = new SandboxHttp(baseUrl);
  const ports: Ports = {
    payments: new SandboxPayments(http),
    warehouse: new SandboxWarehouse(http),
    mail: new SandboxMailer(http),
    carrier: new SandboxCarrier(http),
  };
  return (role) => ports[role];
}
