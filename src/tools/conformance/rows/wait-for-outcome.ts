import { aCart, aKey, aSlowCart } from '../carts';
import {
  isReplay,
  mustBeAcceptance,
  mustBeCompleted,
  mustBeFirstUse,
  mustHaveApplied,
  mustReplay,
} from '../expectations';
import { must } from '../../suite/violation';
import { WAIT_FOR_OUTCOME } from '../preference';
import type { Row } from '../row';

/** Timers may fire a little early. */
const ALMOST_A_SECOND_MS = 900;

export const outcomeInTime: Row = {
  row: 'Prefer: wait=N, outcome in time',
  checks: [
    {
      says: 'the first use waits: 201; each preference then replays its own bytes',
      run: async (server) => {
        const key = aKey();

        const outcome = await server.place({ key, body: aCart(), prefer: WAIT_FOR_OUTCOME });
        const id = mustBeCompleted(outcome);
        must(
          outcome.headers['preference-applied'] === WAIT_FOR_OUTCOME,
          `Preference-Applied is not ${WAIT_FOR_OUTCOME}`,
        );
        must(!isReplay(outcome), 'the first use is marked Idempotent-Replayed');

        mustReplay(await server.place({ key, body: aCart(), prefer: WAIT_FOR_OUTCOME }), outcome);
        const acceptance = await server.place({ key, body: aCart() });
        must(mustBeAcceptance(acceptance) === id, 'the acceptance belongs to another checkout');
        mustReplay(await server.place({ key, body: aCart() }), acceptance);
        mustReplay(await server.place({ key, body: aCart(), prefer: WAIT_FOR_OUTCOME }), outcome);
        mustBeCompleted(await server.read(id), 200);
      },
    },
    {
      says: 'a later call waits: 201, and the acceptance does not change',
      run: async (server) => {
        const key = aKey();
        const acceptance = await server.place({ key, body: aCart() });
        const id = mustBeFirstUse(acceptance);

        const outcome = await server.place({ key, body: aCart(), prefer: WAIT_FOR_OUTCOME });
        must(mustBeCompleted(outcome) === id, 'the outcome is of another checkout');
        mustHaveApplied(outcome, 'wait');
        mustReplay(outcome, outcome);

        mustReplay(await server.place({ key, body: aCart() }), acceptance);
      },
    },
  ],
};

export const noOutcomeInTime: Row = {
  row: 'Prefer: wait=N, no outcome in time',
  checks: [
    {
      says: 'the acceptance after N seconds, and the outcome later',
      run: async (server) => {
        const key = aKey();
        const begun = performance.now();

        const acceptance = await server.place({ key, body: aSlowCart(), prefer: 'wait=1' });
        const id = mustBeFirstUse(acceptance);
        mustHaveApplied(acceptance, 'respond-async');
        must(performance.now() - begun >= ALMOST_A_SECOND_MS, 'it did not wait for a second');

        mustReplay(await server.place({ key, body: aSlowCart() }), acceptance);
        const outcome = await server.place({ key, body: aSlowCart(), prefer: WAIT_FOR_OUTCOME });
        must(mustBeCompleted(outcome) === id, 'the outcome is of another checkout');
        mustHaveApplied(outcome, 'wait');
      },
    },
  ],
};
