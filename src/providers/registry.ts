import type { HttpSettings } from '../adapters/http/settings';
import type { Choices, Role } from '../ports/providers';
import { EMBEDDED, ROLES, SANDBOX } from './adapters';
import { choiceOf } from './entry';
import type { Entry } from './entry';
import type { Uses } from './uses';

/** What serves a role of which the file says nothing. */
export const unwrittenEntries = (sandbox: HttpSettings | undefined): Entry[] =>
  ROLES.flatMap((role): Entry[] => {
    const embedded = EMBEDDED[role];
    if (embedded !== undefined) return [{ role, adapter: embedded, retired: false, settings: {}, at: role }];
    if (!sandbox) return [];
    return [{ role, adapter: SANDBOX, retired: false, settings: { ...sandbox }, at: 'SANDBOX_URL' }];
  });

/** Stands for every tenant without a provider of its own. */
export const ANY_TENANT = '';

/** Which entry serves whom. The entries come in the order in which one is looked for. */
export class Registry {
  constructor(readonly entries: readonly Entry[]) {}

  /** Where an order begins. */
  chosen(role: Role, tenant: string): Entry | undefined {
    return this.#candidates(role, tenant).find(({ retired }) => !retired);
  }

  choices(tenant: string): Choices {
    const chosen = ROLES.flatMap((role) => this.chosen(role, tenant) ?? []);
    return Object.fromEntries(chosen.map((entry) => [entry.role, choiceOf(entry)]));
  }

  /** Where an order began that is older than choices are: at what versions of that time knew, if it is still there. */
  chosenBefore(role: Role, tenant: string): Entry | undefined {
    const known = EMBEDDED[role] ?? SANDBOX;
    return this.began(role, tenant, known) ?? this.chosen(role, tenant);
  }

  began(role: Role, tenant: string, choice: string): Entry | undefined {
    return this.#candidates(role, tenant).find((entry) => choiceOf(entry) === choice);
  }

  get tenants(): readonly string[] {
    return [...new Set(this.entries.flatMap(({ tenant }) => tenant ?? []))];
  }

  /** The adapters at which orders of any tenant begin. */
  get uses(): Uses {
    const used = ROLES.map((role) => {
      const chosen = [...this.tenants, ANY_TENANT].flatMap((tenant) => this.chosen(role, tenant)?.adapter ?? []);
      return [role, [...new Set(chosen)]] as const;
    });
    return Object.fromEntries(used.filter(([, adapters]) => adapters.length > 0));
  }

  #candidates(role: Role, tenant: string): Entry[] {
    return this.entries.filter((entry) => entry.role === role && (entry.tenant ?? tenant) === tenant);
  }
}
