import { setTimeout as rest } from 'node:timers/promises';
import { within } from '../../src/runtime/time-limit';
import { verification } from '../proof/aftermath';
import type { Verification } from '../proof/aftermath';
import { eventually } from '../support/eventually';
import { RunningStack } from '../support/running-stack';
import { startTestStack } from '../support/test-stack';
import { countLine } from '../support/count-line';
import { growthOf, SERIES } from './growth';
import type { Growth } from './growth';
import { capacityOf, SteadyLoad } from './load';
import type { SoakOptions } from './options';
import { PROCESSES, takeSample } from './sample';
import type { Sample } from './sample';

/** The object of `--json`. */
export interface Report {
  readonly ok: boolean;
  /** Why not, one sentence each. */
  readonly failures: readonly string[];
  /** Completed checkouts per second, measured first. */
  readonly capacity: number;
  /** Orders per second, from then on. */
  readonly rate: number;
  readonly minutes: number;
  readonly acknowledged: number;
  readonly growth: readonly Growth[];
  readonly samples: readonly Sample[];
  readonly promises: Verification['promises'];
}

const SAMPLE_EVERY_MS = 10_000;
const MS_IN_A_MINUTE = 60_000;
const PART_OF_CAPACITY = 0.5;
/** The rate limit protects against a merchant's mistake; here it would only limit the load. */
const SETTINGS = { RATE_LIMIT: '100000000', LOG_LEVEL: 'warn' };

/** Keeps the service at half of its capacity. If interrupted, it reports what it has. */
export async function soak(
  { minutes, capacity: seconds }: SoakOptions,
  say: (sentence: string) => void,
  interrupt: AbortSignal,
): Promise<Report> {
  say('Starting the stack');
  const own = await startTestStack(undefined, SETTINGS, [], true);
  const stack = new RunningStack(own.dataDir);
  try {
    say(`Measuring the capacity for ${seconds} s`);
    const capacity = await capacityOf(stack, seconds, interrupt);
    const rate = capacity * PART_OF_CAPACITY;
    await quiet(stack);
    say(`It completes ${capacity.toFixed(1)} checkouts per second. Running ${minutes} minutes at ${rate.toFixed(1)}`);
    const before = pidsOf(stack);
    const load = new SteadyLoad(stack, rate);
    const samples = await soaked(stack, { load, minutes }, interrupt);
    await quiet(stack);
    say('Checking from outside');
    const { ok, promises } = await verification(['--data-dir', own.dataDir], { settle: 0 });
    const growth = SERIES.map((series) => growthOf(samples, series));
    const failures = [
      ...(interrupt.aborted ? ['It was interrupted'] : []),
      ...(pidsOf(stack) === before ? [] : ['A process was restarted']),
      ...(ok ? [] : ['Something is not as promised']),
      ...[...new Set(load.failures)].map((failure) => `An order was not accepted: ${failure}`),
      ...growth.filter(({ flat }) => !flat).map(({ name }) => `${name} grew`),
    ];
    const { acknowledged } = load;
    return { ok: failures.length === 0, failures, capacity, rate, minutes, acknowledged, growth, samples, promises };
  } finally {
    await stack.db.close();
    await own.stop();
  }
}

async function soaked(
  stack: RunningStack,
  { load, minutes }: { load: SteadyLoad; minutes: number },
  interrupt: AbortSignal,
): Promise<Sample[]> {
  const startedAt = performance.now();
  const over = within(minutes * MS_IN_A_MINUTE, interrupt);
  const running = load.run(over);
  const line = countLine(Math.ceil(minutes));
  const samples: Sample[] = [];
  while (!over.aborted) {
    const passed = (performance.now() - startedAt) / MS_IN_A_MINUTE;
    const sample = await takeSample(stack, passed);
    samples.push(sample);
    const { memory, connections, underWay } = sample;
    const megabytes = PROCESSES.map((name) => `${name} ${memory[name]} MB`).join(', ');
    line.show(Math.floor(passed), `minutes  ${megabytes}, ${connections} connections, ${underWay} under way`);
    await rest(SAMPLE_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
  }
  line.end();
  await running;
  return samples;
}

/** Waits until every accepted checkout has ended and every event is delivered. */
async function quiet(stack: RunningStack): Promise<void> {
  await eventually(async () => {
    const { underWay, outboxAge } = await takeSample(stack, 0);
    return underWay === 0 && outboxAge === 0 ? true : undefined;
  });
}

const pidsOf = ({ file }: RunningStack): string => JSON.stringify(file.pids);
