import type { Measured } from '../measure';
import type { Loaded, System } from './system';

/** One measurement. Its `cpuMs` is the service's. */
export interface Result extends Measured, Pick<Loaded, 'cpuByProcess' | 'peakMbByProcess'> {}

/**
 * What one would deploy. With HTTP the client is a shop and not counted; without, it does what the API does otherwise. Beside it are
 * the engine, Postgres, and of ours the relay and the sandbox's providers, to whom the others have no counterpart.
 */
const SERVICE: Readonly<Record<System, readonly string[]>> = {
  http: ['service'],
  apart: ['api', 'worker'],
  direct: ['client', 'service'],
  naive: ['service'],
  local: ['service'],
  idle: ['service'],
  empty: ['service'],
  dbos: ['service'],
  restate: ['service'],
  accept: ['api'],
  start: ['service'],
};

export function resultOf(system: System, concurrency: number, loaded: Loaded): Result {
  const cpuMs = SERVICE[system].reduce((sum, name) => sum + (loaded.cpuByProcess[name] ?? 0), 0);
  return { system, concurrency, cpuMs: Number(cpuMs.toFixed(1)), ...loaded };
}
