import { Option } from 'commander';
import type { Command } from 'commander';
import { STEPS } from '../../domain/steps';
import { checkoutId, headerText, sentence } from '../terminal/arguments';
import { attention } from './attention';
import type { CommandRunner, CommonOptions } from './command-runner';
import { repair } from './repair';
import type { RepairOptions } from './repair';
import { REPAIR_ACTIONS } from './repair-hints';
import { resume } from './resume';
import type { AfterRestoreOptions, ResumeOptions } from './resume';

/** The commands of operators: their API key sees every tenant. */
export function addOperatorCommands(
  command: (name: string, description: string) => Command,
  act: CommandRunner,
  afterRestore: (options: AfterRestoreOptions) => Promise<void>,
): void {
  command('attention', 'list what needs an operator, with the commands that settle it').action(
    (options: CommonOptions) => act(options, attention, 'operator'),
  );

  command('repair', 'settle a step or an undo that needs an operator')
    .argument('<id>', 'id of the checkout', checkoutId)
    .addOption(new Option('--step <step>', 'the step that is stuck').choices(STEPS).makeOptionMandatory())
    .addOption(new Option('--action <action>', 'what to do about it').choices(REPAIR_ACTIONS).makeOptionMandatory())
    .requiredOption('--reason <sentence>', 'why; it is recorded', sentence)
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .action((id: string, options: CommonOptions & RepairOptions) =>
      act(options, (session) => repair(session, id, options), 'operator'),
    );

  command('resume', 'restart the workflow of an order that has lost it')
    .argument('[id]', 'id of the checkout (default: every stranded one)', checkoutId)
    .requiredOption('--reason <sentence>', 'why; it is recorded', sentence)
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .addOption(
      new Option(
        '--after-restore',
        'after a restore of Postgres: end every open workflow and resume every unended order, while no worker runs (needs DATABASE_URL and TEMPORAL_ADDRESS)',
      ).conflicts('key'),
    )
    .action(async (id: string | undefined, options: ResumeCommand, self: Command) => {
      if (!options.afterRestore) return act(options, (session) => resume(session, id, options), 'operator');
      if (id !== undefined) self.error('error: --after-restore is for all orders: leave out the id');
      return afterRestore(options);
    });
}

type ResumeCommand = CommonOptions & ResumeOptions & { readonly afterRestore?: boolean };
