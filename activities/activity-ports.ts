import type { Choices, ProviderOf } from '../src/ports/providers';
import type { Database } from '../src/postgres/database';

/** What the activities work with. */
export interface ActivityPorts {
  readonly db: Database;
  readonly providerOf: ProviderOf;
  /** The providers at which an order of the tenant begins. */
  readonly choices: (tenant: string) => Choices;
  /** How long a payment may stay undecided, such as `15m`. */
  readonly awaitCustomer?: string;
}
