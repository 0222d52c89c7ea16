import { randomUUID } from 'node:crypto';
import { Option } from 'commander';
import type { Command } from 'commander';
import { checkoutId, headerText, sentence } from '../terminal/arguments';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { repeatable } from './repeatable';
import { resumeAll, resumeOrder } from './resume-all';
import type { CommandGroup, CommonOptions, Session } from './session';

interface ResumeOptions {
  readonly reason: string;
  readonly key?: string;
}

export interface AfterRestoreOptions {
  readonly reason: string;
  readonly json?: boolean;
}

/** Uses Postgres and Temporal before there is an API, so it is passed in. */
export type AfterRestore = (options: AfterRestoreOptions) => Promise<ExitCode>;

type ResumeCommand = CommonOptions & ResumeOptions & { readonly afterRestore?: boolean };

export function addResume(
  { command, act }: CommandGroup,
  afterRestore: (options: AfterRestoreOptions) => Promise<void>,
): void {
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
      if (!options.afterRestore) return act(options, (session) => resume(session, id, options));
      if (id !== undefined) self.error('error: --after-restore is for all orders: leave out the id');
      return afterRestore(options);
    });
}

/**
 * Restarts the workflow of an order that has lost it; without an id, of every such order. The key is always printed: with it the call can be
 * repeated, and is done once.
 */
async function resume(session: Session, id: string | undefined, options: ResumeOptions): Promise<ExitCode> {
  const { reason, key = randomUUID() } = options;
  const facts = () => (id === undefined ? {} : { id });
  return repeatable(session.output, { key, twice: 'resuming', facts }, () =>
    id === undefined ? resumeAll(session, { reason, key }) : resumeOne(session, id, { reason, key }),
  );
}

async function resumeOne(session: Session, id: string, act: Required<ResumeOptions>): Promise<ExitCode> {
  const { api, output, reach } = session;
  await resumeOrder(api, id, act);
  output.say(`Resumed   ${id}`);
  output.say(`Reason    ${act.reason}`);
  output.say(`Key       ${act.key}`);
  output.say(`Check     npx durable-checkout status ${id}${reach}`);
  output.answer({ done: true, id, key: act.key });
  return EXIT.asPromised;
}
