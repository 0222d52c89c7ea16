import type { Carrier } from '../ports/carrier';
import type { Mailer } from '../ports/mailer';
import type { PaymentGateway } from '../ports/payment-gateway';
import type { Warehouse } from '../ports/warehouse';
import { SandboxCarrier } from './sandbox-carrier';
import { SandboxHttp } from './sandbox-http';
import { SandboxMailer } from './sandbox-mailer';
import { SandboxPayments } from './sandbox-payments';
import { SandboxWarehouse } from './sandbox-warehouse';

export interface Providers {
  readonly payments: PaymentGateway;
  readonly warehouse: Warehouse;
  readonly mailer: Mailer;
  readonly carrier: Carrier;
}

/** All four ports over the sandbox process at `baseUrl`. There is nothing to close. */
export function sandboxProviders(baseUrl: string): Providers {
  const http = new SandboxHttp(baseUrl);
  return {
    payments: new SandboxPayments(http),
    warehouse: new SandboxWarehouse(http),
    mailer: new SandboxMailer(http),
    carrier: new SandboxCarrier(http),
  };
}
