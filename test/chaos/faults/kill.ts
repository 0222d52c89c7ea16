import type { PartName } from '../../../src/local/stack/part-names';
import { again } from '../injector';
import type { Fault } from '../injector';
import { between } from '../chance';
import type { Range } from '../chance';

const AT_ONCE: Range = { min: 0, max: 0 };

/** `kill -9`, after which the part restarts. The next rest begins once it is ready again: a part that never works proves nothing. */
export const kill =
  (name: PartName, restMs: Range, downMs = AT_ONCE): Fault =>
  ({ parts }, random) =>
    again(random, {
      kind: `${name}-killed`,
      restMs,
      strike: (signal) => parts.end(name, { how: 'SIGKILL', downMs: between(random, downMs) }, signal),
    });
