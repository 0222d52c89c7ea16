export type Scope = 'merchant' | 'operator';

/** Who an API key speaks for. An operator sees every tenant. */
export interface Caller {
  readonly tenant: string;
  readonly scope: Scope;
}

/** Accepted only while `npm start` runs its own Postgres: they are printed in the README. */
export const SANDBOX_API_KEYS: Readonly<Record<string, Caller>> = {
  sk_sandbox_acme: { tenant: 'acme', scope: 'merchant' },
  sk_sandbox_globex: { tenant: 'globex', scope: 'merchant' },
  sk_sandbox_operator: { tenant: '*', scope: 'operator' },
};
