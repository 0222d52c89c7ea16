import type { Role } from '../ports/providers';

/** One provider that can be used: an entry of `PROVIDERS_FILE`, or one that needs none. */
export interface Entry {
  readonly role: Role;
  /** Whose it is; without it, every tenant's that has none of its own. */
  readonly tenant?: string;
  /** A name in `ADAPTERS`, or `module:<specifier>`. */
  readonly adapter: string;
  /** Tells apart two providers with the same adapter. */
  readonly account?: string;
  /** Only for orders that began at it. */
  readonly retired: boolean;
  /** As in the file: secrets are references. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where it is in the file, for people: `default.payments[1]`. */
  readonly at: string;
}

/**
 * What is stored with an order that begins at it. A tenant's own provider is another one than the installation's with the same adapter, so
 * the tenant's name stands for an account that is not named.
 */
export const choiceOf = ({ adapter, account, tenant }: Entry): string =>
  [adapter, account ?? tenant].filter((part) => part !== undefined).join(' ');
