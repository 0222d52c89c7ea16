export type Scope = 'merchant' | 'operator';

/** The tenant of an operator key that acts for every tenant. */
export const EVERY_TENANT = '*';

/** Whom an API key acts for. An operator key belongs to one tenant, or to all of them. */
export interface Caller {
  readonly tenant: string;
  readonly scope: Scope;
}

/** A caller, and a name for its key that is not secret. */
export interface KnownCaller extends Caller {
  readonly keyId: string;
}

/** Accepted only while `npm start` runs its own Postgres, because the README prints them. */
export const SANDBOX_API_KEYS: Readonly<Record<string, Caller>> = {
  sk_sandbox_acme: { tenant: 'acme', scope: 'merchant' },
  sk_sandbox_globex: { tenant: 'globex', scope: 'merchant' },
  sk_sandbox_operator: { tenant: EVERY_TENANT, scope: 'operator' },
};
