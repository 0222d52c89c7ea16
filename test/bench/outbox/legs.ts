import type { Measured } from '../measure';
import type { Arenas } from './arena';
import { drain } from './drain';
import { latency } from './latency';
import type { System } from './system';

/** With a larger backlog the package falls to a few events per second, which would be no comparison. */
const MOST_FOR_THE_PACKAGE = 2_000;
const MOST_MS = 20_000;
/** One at a time, with nothing else to do. */
const IDLE = { events: 60, everyMs: { from: 50, to: 100 } };
/** 200 per second. */
const BUSY = { events: 1_000, everyMs: { from: 5, to: 5 }, openTransaction: false };

/** One thing that is measured in each round. Its name is the `system` of the results. */
export interface Leg {
  readonly name: string;
  run(arenas: Arenas, events: number): Promise<Measured>;
}

interface Conditions {
  readonly arena?: 'fresh' | 'grown';
  readonly openTransaction?: boolean;
}

/** How fast a system empties a backlog, and how long an event takes when there is none. */
const drainAndIdle = (name: string, system: System, { arena = 'fresh', openTransaction = false }: Conditions): Leg => ({
  name,
  run: async (arenas, all) => {
    const events = system === 'package' ? Math.min(all, MOST_FOR_THE_PACKAGE) : all;
    const { perSecond, cpuMs } = await drain(arenas[arena], { system, events, mostMs: MOST_MS, openTransaction });
    const { p50Ms, p99Ms } = await latency(arenas[arena], { system, ...IDLE, openTransaction });
    return { system: name, concurrency: 1, perSecond, p50Ms, p99Ms, cpuMs };
  },
});

/** How long an event takes at a modest rate. */
const busy = (name: string, system: System): Leg => ({
  name,
  run: async ({ fresh }) => ({ system: name, concurrency: 1, ...(await latency(fresh, { system, ...BUSY })) }),
});

export const LEGS: readonly Leg[] = [
  drainAndIdle('relay', 'relay', {}),
  drainAndIdle('floor', 'floor', {}),
  drainAndIdle('package', 'package', {}),
  drainAndIdle('relayOpenTransaction', 'relay', { openTransaction: true }),
  drainAndIdle('floorOpenTransaction', 'floor', { openTransaction: true }),
  drainAndIdle('packageOpenTransaction', 'package', { openTransaction: true }),
  drainAndIdle('relayGrown', 'relay', { arena: 'grown' }),
  busy('relayBusy', 'relay'),
  busy('packageBusy', 'package'),
];

/** Which of our results is divided by which of theirs; the last two compare ours with ours. */
export const RATIOS: Readonly<Record<string, readonly [ours: string, theirs: string]>> = {
  floor: ['relay', 'floor'],
  package: ['relay', 'package'],
  floorOpenTransaction: ['relayOpenTransaction', 'floorOpenTransaction'],
  packageOpenTransaction: ['relayOpenTransaction', 'packageOpenTransaction'],
  openTransaction: ['relayOpenTransaction', 'relay'],
  grown: ['relayGrown', 'relay'],
};
