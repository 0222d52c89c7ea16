import type { Range } from '../chance';
import { again } from '../injector';
import type { Fault } from '../injector';
import { inALull } from './roll-back';

/** A promotion takes a second; a machine that is busy may take long. */
const TAKES_OVER_WITHIN_MS = 60_000;

/** Postgres dies, and a standby that had all it acknowledged is promoted behind the same address. */
export const failOver =
  (restMs: Range): Fault =>
  (world, random) =>
    again(random, {
      kind: 'replica-promoted',
      restMs,
      strike: async (signal) => {
        await world.standby.follow();
        try {
          // Not left half way: what nobody follows any more waits for a standby for ever.
          const crash = () =>
            world.parts.end('postgres', { how: 'SIGKILL' }, AbortSignal.timeout(TAKES_OVER_WITHIN_MS));
          await inALull(world, crash, signal);
        } finally {
          await world.standby.unfollow();
        }
      },
    });
