import { setTimeout as rest } from 'node:timers/promises';
import { again } from '../injector';
import type { Fault } from '../injector';
import { between, oneOf } from '../chance';
import type { Range } from '../chance';
import type { NetworkFault } from '../faulty-road';

/** A delay that is noticed; a dead connection that outlasts most timeouts here. */
const LASTS: Readonly<Record<NetworkFault, Range>> = {
  delayed: { min: 200, max: 3_000 },
  reset: { min: 0, max: 0 },
  'half-open': { min: 3_000, max: 15_000 },
  truncated: { min: 0, max: 0 },
};
/** On a road that nothing uses at the moment, it would never strike. */
const TRIED_FOR_MS = 1_000;

/** Disturbs whatever passes next on one of the roads. */
export const disturbNetwork =
  (fault: NetworkFault, restMs: Range): Fault =>
  ({ roads }, random) =>
    again(random, {
      kind: `network-${fault}`,
      restMs,
      strike: async (signal) => {
        const on = fault === 'truncated' ? 'answer' : oneOf(random, ['request', 'answer'] as const);
        const mishap = { fault, on, ms: between(random, LASTS[fault]) };
        const road = oneOf(random, roads);
        const struck = new AbortController();
        const takeBack = road.arm(mishap, () => struck.abort());
        const until = AbortSignal.any([signal, struck.signal]);
        await rest(TRIED_FOR_MS, undefined, { signal: until }).catch(() => undefined);
        takeBack();
        return struck.signal.aborted;
      },
    });
