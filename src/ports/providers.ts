import type { Carrier } from './carrier';
import type { Inventory } from './inventory';
import type { Loyalty } from './loyalty';
import type { Mailer } from './mailer';
import type { PaymentGateway } from './payment-gateway';
import type { Pricing } from './pricing';
import type { Warehouse } from './warehouse';

/** The port of each role. */
export interface Ports {
  readonly payments: PaymentGateway;
  readonly inventory: Inventory;
  readonly warehouse: Warehouse;
  readonly mail: Mailer;
  readonly loyalty: Loyalty;
  readonly carrier: Carrier;
  readonly pricing: Pricing;
}

export type Role = keyof Ports;

/** Whose provider is meant. */
export interface OrderRef {
  readonly checkoutId: string;
  readonly tenant: string;
  /** A call about this step may have acted before, and nobody knows its answer. Read with the facts of the order. */
  readonly uncertain?: boolean;
}

/** The provider that serves a role for an order: chosen before the first call about it, and the same from then on. */
export type ProviderOf = <R extends Role>(role: R, order: OrderRef) => Ports[R];
