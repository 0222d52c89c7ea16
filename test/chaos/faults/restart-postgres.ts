import { again } from '../injector';
import type { Fault } from '../injector';
import { oneOf } from '../chance';
import type { Range } from '../chance';

/** "Fast", which ends the sessions in order, and "immediate", after which it must recover from its log. */
const WAYS = ['SIGINT', 'SIGQUIT'] as const;

export const restartPostgres =
  (restMs: Range): Fault =>
  ({ parts }, random) =>
    again(random, {
      kind: 'postgres-restarted',
      restMs,
      strike: (signal) => parts.end('postgres', { how: oneOf(random, WAYS) }, signal),
    });
