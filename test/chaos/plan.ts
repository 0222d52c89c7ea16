import { Draws } from '../proof/draws';
import { disturbNetwork } from './faults/disturb-network';
import { failProviders, kindOf, providerFaults, webhookFaults, WEBHOOK_FAULT_RATE } from './faults/fail-providers';
import { freeze } from './faults/freeze';
import { hostileEndpoints } from './faults/hostile-endpoints';
import { kill } from './faults/kill';
import type { Fault, Injector } from './injector';
import { LEFT_OPEN } from './load';
import type { ChaosOptions } from './options';
import { customerKind } from './payers';
import { phasesOf, PHASES, seconds } from './phases';
import type { StormPlan } from './storm';
import { VISIT_NAMES } from './visits';
import type { World } from './world';

type Size = Pick<ChaosOptions, 'orders' | 'faultRate' | 'oneProcess' | 'payments'>;

const EACH_5_S = seconds(5, 5);

/** What fails all the time. */
const throughout = ({ faultRate, oneProcess, payments }: Size): readonly Fault[] => [
  failProviders({ faultRate, ...(payments && { payments }) }),
  hostileEndpoints,
  ...(oneProcess ? [] : [kill('worker', payments ? EACH_5_S : seconds(2, 5))]),
  kill('relay', seconds(8, 20)),
  kill('api', payments ? EACH_5_S : oneProcess ? seconds(3, 8) : seconds(15, 40)),
  freeze([...(oneProcess ? [] : (['worker'] as const)), 'relay', 'api', 'temporal', 'redis'], seconds(8, 20)),
  disturbNetwork('delayed', seconds(1, 4)),
  disturbNetwork('reset', seconds(1, 4)),
  disturbNetwork('half-open', seconds(2, 6)),
  disturbNetwork('truncated', seconds(1, 4)),
];

/** In a run of this many orders, each kind must strike at least as often as `LEAST` says; in a smaller one proportionally, but once. */
const FULL_RUN = 5_000;
const LEAST: Readonly<Record<string, number>> = {
  'relay-killed': 20,
  'process-stopped': 20,
  'postgres-restarted': 10,
  'backend-killed': 10,
  'postmaster-killed': 10,
  'replica-promoted': 3,
  'clock-shifted': 20,
  'workflow-terminated': 20,
  'history-deleted': 20,
  'redis-flushed': 20,
  'redis-killed': 3,
  'temporal-killed': 3,
  'network-delayed': 50,
  'network-reset': 50,
  'network-half-open': 30,
  'network-truncated': 50,
  'webhook-dripped': 5_000,
  'webhook-unanswered': 10,
};
/** Not with `--payments async`, whose faults call operators too rarely. */
const LEAST_OF_OPERATORS = { repaired: 20, 'repaired-twice': 20, 'repaired-at-once': 20 };
const LEAST_APART = { 'worker-killed': 100, 'api-killed': 10 };
const LEAST_TOGETHER = { 'api-killed': 60 };
/** The share of what is expected if each order calls each provider once: not all orders get that far, and it is random. */
const LEAST_OF_EXPECTED = 0.25;
/** The share of orders, with `--payments async`, that a webhook is about. */
const DECIDED_LATER = 0.5;
/** The share of orders, with `--payments async`, whose customers do what fewest do. */
const RAREST_VISIT = 0.05;

/** How often each kind must strike. */
export function leastOf({ orders, faultRate, oneProcess, payments }: Size): Record<string, number> {
  const ofProvider = Math.floor((orders * faultRate * LEAST_OF_EXPECTED) / 2);
  const ofVisit = Math.floor(orders * RAREST_VISIT * LEAST_OF_EXPECTED);
  const ofWebhooks = Math.floor(orders * DECIDED_LATER * WEBHOOK_FAULT_RATE * LEAST_OF_EXPECTED);
  const inProportion = (times: number) => Math.max(1, Math.floor((times * orders) / FULL_RUN));
  return Object.fromEntries([
    ...providerFaults.map((fault) => [kindOf(fault), ofProvider] as const),
    ...(payments ? webhookFaults.map((kind) => [kind, ofWebhooks] as const) : []),
    ...(payments ? VISIT_NAMES.map((visit) => [customerKind(visit), ofVisit] as const) : []),
    ...Object.entries({
      ...LEAST,
      ...(payments ? {} : LEAST_OF_OPERATORS),
      ...(oneProcess ? LEAST_TOGETHER : LEAST_APART),
    }).map(([kind, times]) => [kind, inProportion(times)] as const),
  ]);
}

/** Each injector draws its own random numbers, so that the others do not affect it. */
export function planStorm(world: World, options: ChaosOptions, people: readonly Injector[]): StormPlan {
  const { seed, orders } = options;
  const injectors = (name: string, faults: readonly Fault[]) =>
    faults.map((fault, at) => fault(world, new Draws(seed, `${name} ${at}`)));
  // Orders under way when the faults stop must have met some.
  const until = Math.max(orders / 2, orders - LEFT_OPEN);
  const wanted = PHASES.filter(({ name }) => phasesOf(options).includes(name));
  const whole = wanted.reduce((sum, phase) => sum + phase.share, 0);
  let share = 0;
  const phases = wanted.map((phase) => {
    share += phase.share / whole;
    return { name: phase.name, until: share * until, injectors: injectors(phase.name, phase.faults) };
  });
  const always = [...injectors('throughout', throughout(options)), ...people];
  const kinds = [...always, ...phases.flatMap((phase) => phase.injectors)].flatMap(({ struck }) => Object.keys(struck));
  const least = Object.entries(leastOf(options)).filter(([kind]) => kinds.includes(kind));
  return { always, phases, least: Object.fromEntries(least) };
}
