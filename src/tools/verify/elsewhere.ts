import type { Choices, Role } from '../../ports/providers';
import type { Tally } from './verdict';

/** Choices that are the sandbox under another adapter's name: `warehouse http`. */
export type AtSandbox = ReadonlySet<string>;

export const choiceIn = (role: Role, choice: string): string => `${role} ${choice}`;

/** Orders with a provider that leaves no trace here: neither the sandbox nor our Postgres. What it did is unchecked, not missing. */
export class Elsewhere {
  readonly #orders = new Map<string, number>();

  constructor(private readonly atSandbox: AtSandbox) {}

  has(role: Role, providers: Choices | null): boolean {
    const choice = providers?.[role];
    // Older orders stored none: they began at the sandbox and in Postgres.
    if (choice === undefined || choice === 'sandbox' || this.atSandbox.has(choiceIn(role, choice))) return false;
    // Whatever the account.
    return role !== 'inventory' || choice.split(' ')[0] !== 'postgres';
  }

  /** Returns those of the roles in which the order cannot be checked, and counts it for the report. */
  leaveOut(roles: readonly Role[], providers: Choices | null): Role[] {
    const left = roles.filter((role) => this.has(role, providers));
    for (const role of left) {
      const choice = choiceIn(role, providers?.[role] ?? '');
      this.#orders.set(choice, (this.#orders.get(choice) ?? 0) + 1);
    }
    return left;
  }

  /** Does not fail the check, because nothing that could be named would help. */
  report(tally: Tally): void {
    for (const [roleAndChoice, count] of this.#orders) {
      const [role, ...choice] = roleAndChoice.split(' ');
      const orders = count === 1 ? '1 order is' : `${count} orders are`;
      tally.unchecked.push(`${role}: ${orders} at ${choice.join(' ')}, outside the sandbox`);
      tally.excused += 1;
    }
  }
}
