import type { Range } from '../chance';
import { again } from '../injector';
import type { Fault } from '../injector';
import { inALull } from './roll-back';

/** Postgres dies, and a standby that has everything it acknowledged is promoted behind the same address. */
export const failOver =
  (restMs: Range): Fault =>
  (world, random) =>
    again(random, {
      kind: 'replica-promoted',
      restMs,
      strike: async (signal) => {
        await world.standby.follow();
        try {
          await inALull(world, () => world.parts.end('postgres', { how: 'SIGKILL' }, signal), signal);
        } finally {
          await world.standby.unfollow();
        }
      },
    });
