import { randomUUID } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import { cpuOfTree, memoryMbOf } from './processes';
import type { Load, Loaded, Running } from './system';

const SAMPLE_EVERY_MS = 250;
const MS = 1_000;

/**
 * A closed loop: `concurrency` clients, each with one checkout under way. It counts what ends within the window after the warm-up, so that
 * the first and the last checkouts, which have the machine to themselves, are not in the rate. On a slow machine, warm-up and window last
 * until there was at least one checkout per client.
 */
export async function drive(running: Running, { concurrency, warmUpMs, ms, pids }: Load): Promise<Loaded> {
  let took: number[] = [];
  let stopped = false;
  const client = async () => {
    while (!stopped) {
      const began = performance.now();
      await running.one(randomUUID());
      took.push(performance.now() - began);
    }
  };
  const clients = Promise.all(Array.from({ length: concurrency }, client));
  // A client that fails ends the measurement immediately.
  const pause = (forMs: number) => Promise.race([rest(forMs), clients]);
  const atLeast = async (forMs: number) => {
    for (await pause(forMs); took.length < concurrency;) await pause(SAMPLE_EVERY_MS);
  };

  await atLeast(warmUpMs);
  took = [];
  const watch = watchProcesses(pids);
  const began = performance.now();
  await atLeast(ms);
  const counted = [...took];
  const seconds = (performance.now() - began) / MS;
  const seen = watch.end(counted.length);
  stopped = true;
  await clients;
  await running.settle?.();
  return {
    perSecond: rounded(counted.length / seconds),
    p50Ms: percentile(counted, 50),
    p99Ms: percentile(counted, 99),
    ...seen,
  };
}

function watchProcesses(pids: Load['pids']) {
  const each = (figure: (pid: number, name: string) => number) =>
    Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, figure(pid, name)]));
  const before = each(cpuOfTree);
  let peakMbByProcess = each(memoryMbOf);
  const sample = () => (peakMbByProcess = each((pid, name) => Math.max(memoryMbOf(pid), peakMbByProcess[name] ?? 0)));
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return {
    end: (checkouts: number) => {
      clearInterval(timer);
      const cpuByProcess = each((pid, name) => rounded((cpuOfTree(pid) - (before[name] ?? 0)) / checkouts));
      return { cpuByProcess, peakMbByProcess };
    },
  };
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return rounded(sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? NaN);
}

const rounded = (value: number): number => Number(value.toFixed(1));
