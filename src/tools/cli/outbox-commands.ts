import type { Command } from 'commander';
import { checkoutId, headerText, moment, sentence, sinkName } from '../terminal/arguments';
import type { CommandRunner, CommonOptions } from './command-runner';
import { deadLetters } from './dead-letters';
import type { DeadLetterOptions } from './dead-letters';
import { outbox } from './outbox';
import { redrive } from './redrive';
import type { RedriveOptions } from './redrive';
import { replay } from './replay';
import type { ReplayOptions } from './replay';

/** What operators do about events. */
export function addOutboxCommands(command: (name: string, description: string) => Command, act: CommandRunner): void {
  const outboxCommand = command('outbox', 'show how far each sink is with the events').action(
    (options: CommonOptions) => act(options, outbox, 'operator'),
  );

  outboxCommand
    .command('replay')
    .description('deliver events again that a sink has lost, in order and marked; Ctrl-C stops it')
    .requiredOption('--sink <sink>', 'to this one; never to settlement', sinkName)
    .option('--target <id>', 'to this webhook, where the sink is webhooks', sinkName)
    .requiredOption('--from <moment>', 'events from then on, such as 2026-11-24T08:00:00Z', moment)
    .option('--to <moment>', 'events before then (default: now)', moment)
    .requiredOption('--reason <sentence>', 'why; it is kept', sentence)
    .option('--plan', 'only say how much would be delivered')
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .action((_options: unknown, self: Command) => {
      // Address and keys are options of `outbox`.
      const options = self.optsWithGlobals<CommonOptions & ReplayOptions>();
      return act(options, (session) => replay(session, options), 'operator');
    });

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
