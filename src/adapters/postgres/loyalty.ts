import type { Loyalty } from '../../ports/loyalty';

/** The step's own record of an award, which its transaction writes and its undo revokes, is the award. There is nobody to call. */
export const postgresLoyalty = (): Loyalty => ({
  award: async ({ key }) => ({ outcome: 'awarded', reference: key }),
  revoke: async () => undefined,
});
