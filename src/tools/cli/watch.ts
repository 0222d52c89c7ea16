import type { CheckoutSnapshot } from './checkout-snapshot';
import { chooseDisplay } from './choose-display';
import { checkoutId } from '../terminal/arguments';
import { exitCodeOf } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import type { CommandGroup, CommonOptions, Session } from './session';
import { snapshots } from './snapshots';
import { summary } from './summary';

export function addWatch({ command, act }: CommandGroup): void {
  command('watch', 'follow the steps of a checkout until it ends')
    .argument('<id>', 'id of the checkout', checkoutId)
    .action((id: string, options: CommonOptions) => act(options, (session) => watch(session, id)));
}

async function watch(session: Session, id: string): Promise<ExitCode> {
  const last = await follow(session, id, { known: false });
  session.output.answer(last);
  return exitCodeOf(last.state);
}

/** Shows a checkout until it is final or waits for an operator, and returns it as it was then. */
export async function follow(
  { api, output, clock }: Session,
  id: string,
  { known }: { readonly known: boolean },
): Promise<CheckoutSnapshot> {
  const display = chooseDisplay(output, clock);
  let last: CheckoutSnapshot | undefined;
  try {
    const source = snapshots({
      look: () => api.checkout(id),
      stream: (from) => api.events(id, from),
      clock,
      onLost: (sentence) => display.notice(sentence),
      known,
    });
    for await (last of source) display.show(last);
  } finally {
    display.close();
  }
  if (!last) throw new Error(`The source of checkout ${id} ended without a snapshot`);
  output.say('');
  output.say(summary(last, clock.now()));
  return last;
}
