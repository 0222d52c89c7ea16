import { setTimeout as rest } from 'node:timers/promises';
import type { Draws } from '../proof/draws';
import { between } from './chance';
import type { Range } from './chance';
import type { World } from './world';

/** Injects some kinds of faults into the world. */
export interface Injector {
  /** How often each kind has struck so far. */
  readonly struck: Readonly<Record<string, number>>;
  /** Runs until the signal aborts, and leaves nothing behind. */
  run(signal: AbortSignal): Promise<void>;
}

/** Makes the injector of a fault. Each draws its own random numbers, so that the others do not affect it. */
export type Fault = (world: World, random: Draws) => Injector;

export interface Blow {
  readonly kind: string;
  readonly restMs: Range;
  /** Returns when what it hit works again; false if it hit nothing. */
  readonly strike: (signal: AbortSignal) => Promise<boolean | void>;
}

/** Strikes again and again, with rests. */
export function again(random: Draws, { kind, restMs, strike }: Blow): Injector {
  const struck = { [kind]: 0 };
  return {
    struck,
    run: async (signal) => {
      // So that not all kinds strike together at the beginning.
      let pauseMs = random.next() * restMs.min;
      try {
        for (;;) {
          await rest(pauseMs, undefined, { signal });
          if ((await strike(signal)) !== false) struck[kind] = (struck[kind] ?? 0) + 1;
          pauseMs = between(random, restMs);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}
