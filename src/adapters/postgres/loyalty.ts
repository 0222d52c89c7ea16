import { CURRENCY_EXPONENTS } from '../../domain/currencies';
import type { Money } from '../../domain/money';
import type { Loyalty } from '../../ports/loyalty';

/** The step's own record of an award, which its transaction writes and its undo revokes, is the award. There is nobody to call. */
export const postgresLoyalty = (): Loyalty => ({
  award: async ({ key, total }) => ({ outcome: 'awarded', reference: key, points: pointsFor(total) }),
  revoke: async () => undefined,
});

/** One point for each whole unit of the currency. */
const pointsFor = ({ minor, currency }: Money): number =>
  Number(minor / 10n ** BigInt(CURRENCY_EXPONENTS[currency] ?? 0));
