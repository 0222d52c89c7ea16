export type Scope = 'merchant' | 'operator';

/** The tenant of an operator's key that speaks for all of them. */
export const EVERY_TENANT = '*';

/** Who an API key speaks for. An operator's key is of one tenant, or of all. */
export interface Caller {
  readonly tenant: string;
  readonly scope: Scope;
}

/** A caller and a name for the key that is no secret. */
export interface KnownCaller extends Caller {
  readonly keyId: string;
}

/** Accepted only while `npm start` runs its own Postgres: they are printed in the README. */
export const SANDBOX_API_KEYS: Readonly<Record<string, Caller>> = {
  sk_sandbox_acme: { tenant: 'acme', scope: 'merchant' },
  sk_sandbox_globex: { tenant: 'globex', scope: 'merchant' },
  sk_sandbox_operator: { tenant: EVERY_TENANT, scope: 'operator' },
};
