import { Command } from 'commander';
import type { Scope } from '../../domain/api-keys';
import { httpUrl, headerText } from '../terminal/arguments';
import { printableLines } from '../terminal/printable';
import type { Streams } from '../terminal/screen';
import { addVerifyCommand } from '../verify/command';
import type { VerifyOptions } from '../verify/command';
import { addAttention } from './attention';
import { addCancel } from './cancel';
import { addDeadLetters } from './dead-letters';
import { addOutbox } from './outbox';
import { addPlace } from './place';
import { addProviders } from './providers';
import type { ProvidersOptions } from './providers';
import { addRedrive } from './redrive';
import { addRepair } from './repair';
import { addResume } from './resume';
import type { AfterRestoreOptions } from './resume';
import type { CommandGroup } from './session';
import { addStatus } from './status';
import { addWatch } from './watch';

const API_KEY: Readonly<Record<Scope, string>> = {
  merchant: 'API key (default: DURABLE_CHECKOUT_API_KEY, else the sandbox key of acme)',
  operator: 'API key of an operator (default: DURABLE_CHECKOUT_OPERATOR_KEY, else the sandbox key)',
};

const EXIT_CODES = `
Exit codes: 0 as promised, 1 not as promised (refused, cancelled, an error), 2 wrong usage, 3 needs attention.`;

/** What runs the commands. */
export interface Runners {
  /** Runs a command in a session; the scope chooses the default API key. */
  readonly act: (scope: Scope, ...command: Parameters<CommandGroup['act']>) => Promise<void>;
  readonly verify: (options: VerifyOptions) => Promise<void>;
  readonly afterRestore: (options: AfterRestoreOptions) => Promise<void>;
  readonly showProviders: (options: ProvidersOptions) => Promise<void>;
}

/** Each command with its options is in the file of its name. Throws instead of exiting. */
export function buildProgram(
  { act, verify, afterRestore, showProviders }: Runners,
  { stdout, stderr }: Streams,
): Command {
  const program = new Command('durable-checkout')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(printableLines(text)) })
    .showHelpAfterError('(`durable-checkout --help` lists commands and options)')
    .addHelpText('after', EXIT_CODES);
  program.description(
    'Place orders with a Durable Checkout API, follow their seven steps, and settle what needs a person.',
  );

  const groupOf = (scope: Scope): CommandGroup => ({
    command: (name, description) =>
      program
        .command(name)
        .description(description)
        .option('--url <url>', 'address of the API (default: the stack of DATA_DIR)', httpUrl)
        .option('--api-key <key>', API_KEY[scope], headerText)
        .option('--json', 'print one JSON object'),
    act: (options, command) => act(scope, options, command),
  });

  const [merchants, operators] = [groupOf('merchant'), groupOf('operator')];
  for (const add of [addPlace, addWatch, addStatus, addCancel]) add(merchants);
  for (const add of [addAttention, addRepair]) add(operators);
  addResume(operators, afterRestore);
  for (const add of [addOutbox, addDeadLetters, addRedrive]) add(operators);
  addProviders(program, showProviders);
  addVerifyCommand(program, verify);
  return program;
}
