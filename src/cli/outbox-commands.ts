import type { Command } from 'commander';
import { checkoutId, headerText, sentence, sinkName } from './arguments';
import type { Act, CommonOptions } from './act';
import { deadLetters } from './dead-letters';
import type { DeadLetterOptions } from './dead-letters';
import { outbox } from './outbox';
import { redrive } from './redrive';
import type { RedriveOptions } from './redrive';

/** What operators do about events. */
export function addOutboxCommands(command: (name: string, description: string) => Command, act: Act): void {
  command('outbox', 'show how far each sink is with the events').action((options: CommonOptions) =>
    act(options, outbox, 'operator'),
  );

  command('dead-letters', 'list the events that a sink did not take')
    .option('--sink <sink>', 'only this one', sinkName)
    .action((options: CommonOptions & DeadLetterOptions) =>
      act(options, (session) => deadLetters(session, options), 'operator'),
    );

  command('redrive', 'deliver dead letters again, each order in its order; Ctrl-C stops it')
    .option('--sink <sink>', 'only to this one', sinkName)
    .option('--target <id>', 'only to this webhook', sinkName)
    .option('--checkout <id>', 'only of this checkout', checkoutId)
    .requiredOption('--reason <sentence>', 'why; it is kept', sentence)
    .option('--plan', 'only say what would be delivered')
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .action((options: CommonOptions & RedriveOptions) =>
      act(options, (session) => redrive(session, options), 'operator'),
    );
}
