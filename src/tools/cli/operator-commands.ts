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

/** What operators do: their API key sees every tenant. */
export function addOperatorCommands(
  command: (name: string, description: string) => Command,
  act: CommandRunner,
  afterRestore: (options: AfterRestoreOptions) => Promise<void>,
): void {
  command('attention', 'list what waits for an operator, and how to settle it').action((options: CommonOptions) =>
    act(options, attention, 'operator'),
  );

  command('repair', 'settle what waits for an operator')
    .argument('<id>', 'id of the checkout', checkoutId)
    .addOption(new Option('--step <step>', 'what is stuck').choices(STEPS).makeOptionMandatory())
    .addOption(new Option('--action <action>', 'what to do about it').choices(REPAIR_ACTIONS).makeOptionMandatory())
    .requiredOption('--reason <sentence>', 'why; it is kept', sentence)
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .action((id: string, options: CommonOptions & RepairOptions) =>
      act(options, (session) => repair(session, id, options), 'operator'),
    );

  command('resume', 'start the workflow of orders again that have lost it')
    .argument('[id]', 'id of the checkout (default: all that are stranded)', checkoutId)
    .requiredOption('--reason <sentence>', 'why; it is kept', sentence)
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .addOption(
      new Option(
        '--after-restore',
        'Postgres was restored: end every open workflow and resume every unended order, while no worker polls (needs DATABASE_URL and TEMPORAL_ADDRESS)',
      ).conflicts('key'),
    )
    .action(async (id: string | undefined, options: ResumeCommand, self: Command) => {
      if (!options.afterRestore) return act(options, (session) => resume(session, id, options), 'operator');
      if (id !== undefined) self.error('error: --after-restore is for all orders: leave the id out');
      return afterRestore(options);
    });
}

type ResumeCommand = CommonOptions & ResumeOptions & { readonly afterRestore?: boolean };
