import { aKey, aSlowCart } from '../carts';
import { isReplay, mustBeAcceptance, mustBeCompleted } from '../expectations';
import { must } from '../../suite/violation';
import { WAIT_FOR_OUTCOME } from '../preference';
import type { Row } from '../row';

/** Long enough for the acceptance, shorter than the two seconds the cart takes. */
const PATIENCE_MS = 700;

export const hangsUp: Row = {
  row: 'a client that hangs up while it waits',
  checks: [
    {
      says: 'the checkout is accepted, ends, and a repeated request gets its answer',
      run: async (server) => {
        const key = aKey();
        const body = aSlowCart();

        await server.placeAndHangUp({ key, body, prefer: WAIT_FOR_OUTCOME }, PATIENCE_MS);

        const acceptance = await server.place({ key, body });
        const id = mustBeAcceptance(acceptance);
        must(isReplay(acceptance), 'the request was lost with its connection');
        const outcome = await server.place({ key, body, prefer: WAIT_FOR_OUTCOME });
        must(mustBeCompleted(outcome) === id, 'the outcome belongs to another checkout');
        mustBeCompleted(await server.read(id), 200);
      },
    },
  ],
};
