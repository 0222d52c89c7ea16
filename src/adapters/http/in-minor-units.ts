import { toMinorNumber } from '../../domain/money';
import type { Money } from '../../domain/money';

export interface MinorUnits {
  readonly amount: number;
  readonly currency: string;
}

/** How the protocol writes money. */
export const inMinorUnits = (money: Money): MinorUnits => ({ amount: toMinorNumber(money), currency: money.currency });
