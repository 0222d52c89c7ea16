import { setTimeout as rest } from 'node:timers/promises';
import { PartDidNotStart } from './wait-until-ready';

const ATTEMPTS = 3;
/** Gives time to what blocks the start only for a moment, such as the last children of a killed Postgres. */
const REST_MS = 300;

/**
 * Starts something on the ports that `choose` finds free. Another process may take one between the check and the start,
 * so a part that dies while starting gets other ports.
 */
export async function startWhereFree<Place, Running>(
  choose: () => Promise<Place>,
  start: (place: Place) => Promise<Running>,
): Promise<{ place: Place; running: Running }> {
  for (let attempt = 1; ; attempt += 1) {
    const place = await choose();
    try {
      return { place, running: await start(place) };
    } catch (error) {
      if (!(error instanceof PartDidNotStart && error.died) || attempt === ATTEMPTS) throw error;
      await rest(REST_MS);
    }
  }
}
