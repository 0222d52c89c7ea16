import { crashBackend } from '../../support/own-postgres';
import type { Range } from '../chance';
import { again } from '../injector';
import type { Fault } from '../injector';
import { inALull } from './roll-back';

/** `kill -9` of one session's process, as when memory runs out: the postmaster survives, ends all other sessions and recovers. */
export const killBackend =
  (restMs: Range): Fault =>
  (world, random) =>
    again(random, {
      kind: 'backend-killed',
      restMs,
      strike: (signal) => inALull(world, () => crashBackend(world.postgres), signal),
    });

/** `kill -9` of the postmaster, within a second of transactions that were rolled back. */
export const killPostmaster =
  (restMs: Range): Fault =>
  (world, random) =>
    again(random, {
      kind: 'postmaster-killed',
      restMs,
      strike: (signal) => inALull(world, () => world.parts.end('postgres', { how: 'SIGKILL' }, signal), signal),
    });
