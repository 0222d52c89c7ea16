import { Command, InvalidArgumentError } from 'commander';
import { atLeastOne } from '../support/at-least-one';

export interface SlowOptions {
  readonly halfProcessor?: boolean;
  /** Milliseconds added to each flush. */
  readonly flush?: number;
  readonly times: number;
}

/** Throws Commander's error for `--help` and for wrong usage. Arguments after `--` are passed to Jest. */
export function readOptions(args: readonly string[]): SlowOptions & { readonly jest: readonly string[] } {
  const command = new Command('test:slow')
    .description('Run the tests as on a slow machine. Needs Linux, taskset for --half-processor, and gcc for --flush.')
    .exitOverride()
    .option('--half-processor', 'use only half of the cores')
    .option('--flush <duration>', 'make each flush to disk slower by this much, such as 10ms', milliseconds)
    .option('--times <number>', 'how many runs, one after another', atLeastOne, 1)
    .argument('[jest...]', 'arguments for Jest, such as --selectProjects int')
    .passThroughOptions()
    .parse(args, { from: 'user' });
  return { ...command.opts<SlowOptions>(), jest: command.args };
}

function milliseconds(text: string): number {
  const ms = Number(/^(\d+)ms$/.exec(text)?.[1]);
  if (!(ms > 0)) throw new InvalidArgumentError('Expected a duration such as 10ms.');
  return ms;
}
