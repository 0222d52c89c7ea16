import type { PartName } from '../../../src/local/stack/part-names';
import { again } from '../injector';
import type { Fault } from '../injector';
import { between, oneOf } from '../chance';
import type { Range } from '../chance';

/** From barely noticeable to longer than a lease. */
const FROZEN: Range = { min: 500, max: 9_000 };

/** Stops one of these processes and continues it: it does not know that time has passed, and others may have taken over. */
export const freeze =
  (names: readonly PartName[], restMs: Range): Fault =>
  ({ parts }, random) =>
    again(random, {
      kind: 'process-stopped',
      restMs,
      strike: (signal) => parts.freeze(oneOf(random, names), between(random, FROZEN), signal),
    });
