import { statSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../terminal/arguments';
import { printableLines } from '../terminal/printable';
import type { Streams } from '../terminal/screen';

const DEFAULT_DIR = 'test/histories';
const DEFAULT_LIMIT = 1_000;

export interface ServerOptions {
  readonly query: string | undefined;
  readonly limit: number;
}

export type Options = { readonly json: boolean } & (
  { readonly from: 'directory'; readonly dir: string } | ({ readonly from: 'server' } & ServerOptions)
);

interface Given {
  readonly fromServer?: boolean;
  readonly query?: string;
  readonly limit?: number;
  readonly json?: boolean;
}

const AFTER_HELP = `
Exit codes: 0 every history replays, 1 one does not or there was none, 2 wrong usage.`;

/** Reads the arguments; throws Commander's error for `--help` and for wrong usage. */
export function readOptions(args: readonly string[], { stdout, stderr }: Streams): Options {
  const command = new Command('replay')
    .description('Replay recorded histories against the workflow code, and say which diverge and where.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(printableLines(text)) })
    .argument('[dir]', `directory of histories, one JSON file each (default: ${DEFAULT_DIR})`, directory)
    .option('--from-server', 'replay those of the server at TEMPORAL_ADDRESS, or else of the stack of DATA_DIR')
    .option('--query <filter>', "list filter, such as CheckoutState = 'completed'; with --from-server")
    .option(
      '--limit <number>',
      `at most this many, newest first (default: ${DEFAULT_LIMIT}); with --from-server`,
      positive,
    )
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .addHelpText('after', AFTER_HELP)
    .parse(args, { from: 'user' });
  const { fromServer = false, query, limit, json = false } = command.opts<Given>();
  const dir = command.processedArgs[0] as string | undefined;
  if (fromServer) {
    if (dir !== undefined) command.error('error: give a directory or --from-server, not both');
    return { from: 'server', query, limit: limit ?? DEFAULT_LIMIT, json };
  }
  if (query !== undefined || limit !== undefined) command.error('error: --query and --limit need --from-server');
  return { from: 'directory', dir: dir ?? DEFAULT_DIR, json };
}

function directory(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new InvalidArgumentError('No such directory.');
  return path;
}

function positive(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be at least 1.');
  return number;
}
