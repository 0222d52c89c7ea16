import type { Range } from './chance';
import { killBackend, killPostmaster } from './faults/crash-postgres';
import { failOver } from './faults/fail-over';
import { flushRedis } from './faults/flush-redis';
import { kill } from './faults/kill';
import { loseWorkflows } from './faults/lose-workflows';
import { restartPostgres } from './faults/restart-postgres';
import { shiftClocks } from './faults/shift-clocks';
import type { Fault } from './injector';

export const seconds = (min: number, max: number): Range => ({ min: min * 1_000, max: max * 1_000 });

/** Without this phase no order loses its workflow, so P14 is not checked. */
export const WORKFLOWS_LOST = 'workflows lost';

/** What fails in turn, each for a share of the orders. */
export const PHASES: readonly { readonly name: string; readonly share: number; readonly faults: readonly Fault[] }[] = [
  { name: 'processes', share: 0.1, faults: [] },
  { name: WORKFLOWS_LOST, share: 0.1, faults: loseWorkflows(seconds(4, 10)) },
  { name: 'postgres restarted', share: 0.15, faults: [restartPostgres(seconds(5, 10))] },
  { name: 'backends killed', share: 0.1, faults: [killBackend(seconds(6, 12))] },
  { name: 'postmaster killed', share: 0.1, faults: [killPostmaster(seconds(6, 12))] },
  { name: 'failover', share: 0.1, faults: [failOver(seconds(6, 12))] },
  { name: 'clocks', share: 0.1, faults: [shiftClocks(seconds(1, 3))] },
  { name: 'redis flushed', share: 0.1, faults: [flushRedis] },
  { name: 'redis stopped', share: 0.05, faults: [kill('redis', seconds(3, 8), seconds(2, 8))] },
  { name: 'temporal', share: 0.1, faults: [kill('temporal', seconds(12, 40), seconds(0, 5))] },
];

export const PHASE_NAMES = PHASES.map(({ name }) => name);

/** The worker's and the API's deaths are what waiting payments must survive; lost workflows and wrong clocks are what could forget them. */
const ASYNC_PHASES: readonly string[] = ['processes', WORKFLOWS_LOST, 'clocks'];

interface Wanted {
  readonly only?: readonly string[];
  readonly payments?: 'async';
}

/** The names of the phases of a run. */
export const phasesOf = ({ only, payments }: Wanted): readonly string[] =>
  only ?? (payments ? ASYNC_PHASES : PHASE_NAMES);
