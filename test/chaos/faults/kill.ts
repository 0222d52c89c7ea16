import type { PartName } from '../../../src/local/stack/part-names';
import { again } from '../injector';
import type { Fault } from '../injector';
import { between } from '../chance';
import type { Range } from '../chance';

const AT_ONCE: Range = { min: 0, max: 0 };

/** `kill -9`, and it comes back. The rest begins when it is at work again: what never works shows nothing. */
export const kill =
  (name: PartName, restMs: Range, downMs = AT_ONCE): Fault =>
  ({ parts }, random) =>
    again(random, {
      kind: `${name}-killed`,
      restMs,
      strike: (signal) => parts.end(name, { how: 'SIGKILL', downMs: between(random, downMs) }, signal),
    });
