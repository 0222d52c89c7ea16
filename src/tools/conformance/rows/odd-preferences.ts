import { aCart, aKey } from '../carts';
import { mustBeAcceptance, mustBeCompleted } from '../expectations';
import type { Check, Row } from '../row';

/** A preference is never a reason to refuse (RFC 7240): it is ignored, or cut to 30 seconds. */
const obliging = (prefer: string): Check => ({
  says: `Prefer: ${prefer}`,
  run: async (server) => {
    const answer = await server.place({ key: aKey(), body: aCart(), prefer });
    if (answer.status === 201) mustBeCompleted(answer);
    else mustBeAcceptance(answer);
  },
});

export const oddPreferences: Row = {
  row: 'Prefer that cannot be granted',
  checks: ['wait=0', 'wait=-1', 'wait=1.5', 'wait=soon', 'wait=', 'return=minimal', 'wait=31', 'wait=86400'].map(
    obliging,
  ),
};
