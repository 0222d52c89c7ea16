import { Command, InvalidArgumentError } from 'commander';
import { atLeastOne } from '../support/at-least-one';

export interface SlowOptions {
  readonly halfProcessor?: boolean;
  /** Milliseconds that each flush takes longer. */
  readonly flush?: number;
  readonly times: number;
}

/** Throws Commander's error for `--help` and for what is not understood. What stands after `--` is Jest's. */
export function readOptions(args: readonly string[]): SlowOptions & { readonly jest: readonly string[] } {
  const command = new Command('test:slow')
    .description(
      'Run the tests as on a slow machine. Needs Linux; taskset for half the processor, gcc for a slow flush.',
    )
    .exitOverride()
    .option('--half-processor', 'on half of the cores')
    .option('--flush <duration>', 'make each flush to disk take so much longer, such as 10ms', milliseconds)
    .option('--times <number>', 'how often, one after the other', atLeastOne, 1)
    .argument('[jest...]', "Jest's own arguments, such as --selectProjects int")
    .passThroughOptions()
    .parse(args, { from: 'user' });
  return { ...command.opts<SlowOptions>(), jest: command.args };
}

function milliseconds(text: string): number {
  const ms = Number(/^(\d+)ms$/.exec(text)?.[1]);
  if (!(ms > 0)) throw new InvalidArgumentError('A duration such as 10ms is wanted.');
  return ms;
}
