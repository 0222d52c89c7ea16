import { Command } from 'commander';
import type { CommandRunner, CommonOptions } from './command-runner';
import { cartLine, checkoutId, headerText, httpUrl, wholeNumber } from '../terminal/arguments';
import { cancel } from './cancel';
import { addOperatorCommands } from './operator-commands';
import { addOutboxCommands } from './outbox-commands';
import { place } from './place';
import type { PlaceOptions } from './place';
import type { AfterRestoreOptions } from './resume';
import { printableLines } from '../terminal/printable';
import type { Streams } from '../terminal/screen';
import { status } from './status';
import { addVerifyCommand } from '../verify/command';
import type { VerifyOptions } from '../verify/command';
import { watch } from './watch';

const MERCHANT_KEY = 'API key (default: DURABLE_CHECKOUT_API_KEY, else the sandbox key of acme)';
const OPERATOR_KEY = 'API key of an operator (default: DURABLE_CHECKOUT_OPERATOR_KEY, else the sandbox key)';

const EXIT_CODES = `
Exit codes: 0 as promised, 1 not as promised (refused, cancelled, an error), 2 wrong usage, 3 needs attention.`;

/** What runs the commands. */
interface Runners {
  readonly act: CommandRunner;
  readonly verify: (options: VerifyOptions) => Promise<void>;
  readonly afterRestore: (options: AfterRestoreOptions) => Promise<void>;
}

/** The commands and their options; what a command does is in the file of its name. Throws instead of exiting. */
export function buildProgram({ act, verify, afterRestore }: Runners, { stdout, stderr }: Streams): Command {
  const program = new Command('durable-checkout')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(printableLines(text)) })
    .showHelpAfterError('(`durable-checkout --help` lists commands and options)')
    .addHelpText('after', EXIT_CODES);
  program.description(
    'Place orders with a Durable Checkout API, follow their seven steps, and settle what needs a person.',
  );

  const commandWith = (name: string, description: string, apiKey: string) =>
    program
      .command(name)
      .description(description)
      .option('--url <url>', 'address of the API (default: the stack of DATA_DIR)', httpUrl)
      .option('--api-key <key>', apiKey, headerText)
      .option('--json', 'print one JSON object');
  const command = (name: string, description: string) => commandWith(name, description, MERCHANT_KEY);

  command('place', 'place an order for a made-up customer')
    .option('--sku <sku[:quantity]>', 'what to order; may be repeated (default: MUG-BLUE)', cartLine)
    .option('--token <token>', 'payment token', 'tok_visa')
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .option('--currency <code>', 'ISO 4217 code', 'USD')
    .option('--postal-code <code>', 'where to ship to', 'SW1Y 4JH')
    .option('--expected-total <minor>', 'refuse any other total; in minor units, 3000 for USD 30.00', wholeNumber)
    .option('--watch', 'follow the order until it ends')
    .action((options: CommonOptions & PlaceOptions) => act(options, (session) => place(session, options)));

  command('watch', 'follow the steps of a checkout until it ends')
    .argument('<id>', 'id of the checkout', checkoutId)
    .action((id: string, options: CommonOptions) => act(options, (session) => watch(session, id)));

  command('status', 'show a checkout as it is now')
    .argument('<id>', 'id of the checkout', checkoutId)
    .action((id: string, options: CommonOptions) => act(options, (session) => status(session, id)));

  command('cancel', 'cancel a checkout; possible until its label is being made')
    .argument('<id>', 'id of the checkout', checkoutId)
    .action((id: string, options: CommonOptions) => act(options, (session) => cancel(session, id)));

  const operatorCommand = (name: string, description: string) => commandWith(name, description, OPERATOR_KEY);
  addOperatorCommands(operatorCommand, act, afterRestore);
  addOutboxCommands(operatorCommand, act);
  addVerifyCommand(program, verify);
  return program;
}
