import { checkoutId } from '../terminal/arguments';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { rail } from './rail';
import type { CommandGroup, CommonOptions, Session } from './session';
import { summary } from './summary';

export function addStatus({ command, act }: CommandGroup): void {
  command('status', 'show a checkout as it is now')
    .argument('<id>', 'id of the checkout', checkoutId)
    .action((id: string, options: CommonOptions) => act(options, (session) => status(session, id)));
}

/** Shows a checkout once. Exits with 0 for every state except the one that somebody must act on. */
async function status({ api, output, clock }: Session, id: string): Promise<ExitCode> {
  const snapshot = await api.checkout(id);
  const nowMs = clock.now();
  for (const line of rail(snapshot, nowMs, 0)) output.draw(line);
  output.say('');
  output.say(summary(snapshot, nowMs));
  output.answer(snapshot);
  return snapshot.state === 'needs-attention' ? EXIT.needsAttention : EXIT.asPromised;
}
