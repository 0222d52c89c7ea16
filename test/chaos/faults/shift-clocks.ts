import { writeFileSync } from 'node:fs';
import { setTimeout as rest } from 'node:timers/promises';
import { between, oneOf } from '../chance';
import type { Range } from '../chance';
import { again } from '../injector';
import type { Fault } from '../injector';
import { clockFileOf } from '../service';

const DAYS_OFF = [-10, 10] as const;
const DAY_MS = 86_400_000;
/** Long enough to be seen by everything that runs every few seconds. */
const LASTS: Range = { min: 3_000, max: 8_000 };

/** The clock of one process jumps, stays wrong for a while, and jumps back. */
export const shiftClocks =
  (restMs: Range): Fault =>
  ({ dataDir, parts }, random) =>
    again(random, {
      kind: 'clock-shifted',
      restMs,
      strike: async (signal) => {
        const name = oneOf(
          random,
          (['api', 'worker', 'relay'] as const).filter((each) => parts.has(each)),
        );
        const set = (days: number) => writeFileSync(clockFileOf({ dataDir }, name), String(days * DAY_MS));
        set(oneOf(random, DAYS_OFF));
        await rest(between(random, LASTS), undefined, { signal }).finally(() => set(0));
      },
    });
