import { parseArgs } from 'node:util';
import { SYSTEMS } from './system';
import type { System } from './system';

/** Measurements beside those of the systems. */
export const PARTS = ['accept', 'replay', 'growth', 'memory'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly concurrencies: readonly number[];
  readonly systems: readonly System[];
  readonly parts: readonly Part[];
  /** Numbers of finished orders to measure with. */
  readonly grown: readonly number[];
  /** How many checkouts to run while memory is sampled. */
  readonly endured: number;
  readonly json: boolean;
  readonly plot: string | undefined;
}

const ALL: readonly string[] = [...SYSTEMS, ...PARTS];
/** It alone takes longer than all the others. */
const UNLESS_ASKED = ['memory'];

/** Throws for invalid options. */
export function optionsOf(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
      concurrency: { type: 'string', default: '1,10,40,160' },
      only: { type: 'string', default: ALL.filter((name) => !UNLESS_ASKED.includes(name)).join() },
      endured: { type: 'string', default: '50000' },
      grown: { type: 'string', default: '10000,100000,1000000' },
      json: { type: 'boolean', default: false },
      plot: { type: 'string' },
    },
  });
  const only = values.only.split(',');
  const [rounds, seconds] = [numbers('rounds', values.rounds), numbers('seconds', values.seconds)];
  const unknown = only.find((name) => !ALL.includes(name));
  if (unknown !== undefined) throw new Error(`No such system: ${unknown}. --only takes some of ${ALL.join()}`);
  return {
    rounds: rounds[0] ?? 1,
    seconds: seconds[0] ?? 1,
    concurrencies: numbers('concurrency', values.concurrency),
    systems: SYSTEMS.filter((system) => only.includes(system)),
    parts: PARTS.filter((part) => only.includes(part)),
    grown: numbers('grown', values.grown),
    endured: numbers('endured', values.endured)[0] ?? 1,
    json: values.json,
    plot: values.plot,
  };
}

function numbers(name: string, text: string): number[] {
  const all = text.split(',').map(Number);
  if (all.some((number) => !Number.isInteger(number) || number < 1))
    throw new Error(`--${name} takes whole numbers of at least 1`);
  return all;
}
