import type { Measured } from '../measure';
import type { Loaded, System } from './system';

/** One measurement. Its `cpuMs` is that of the service. */
export interface Result extends Measured, Pick<Loaded, 'cpuByProcess' | 'peakMbByProcess'> {}

/**
 * The processes one would deploy as the service. With HTTP the client is a shop and does not count; without, it does the work of the API.
 * Not included: the engine, Postgres, and our relay and sandbox providers, for which the others have no counterpart.
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
