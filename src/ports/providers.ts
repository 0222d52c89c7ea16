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

/**
 * Which provider serves an order, by role: `<adapter>` or `<adapter> <account>`. Chosen when the order begins, stored with it, and the same
 * from then on.
 */
export type Choices = Readonly<Partial<Record<Role, string>>>;

/** Whose provider is meant. */
export interface OrderRef {
  readonly checkoutId: string;
  readonly tenant: string;
  /** As stored with the order; null if it is older than choices are. If the caller has not read them, they are read. */
  readonly providers?: Choices | null;
  /** A call about this step may have acted before, and nobody knows its answer. Read with the facts of the order. */
  readonly uncertain?: boolean;
}

/** The provider that serves a role for an order. */
export type ProviderOf = <R extends Role>(role: R, order: OrderRef) => Promise<Ports[R]>;
