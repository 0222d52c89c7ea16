import { checkoutId } from '../terminal/arguments';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { checkoutPath } from './api-client';
import type { CommandGroup, CommonOptions, Session } from './session';
import { objectOf, text } from './shape';

export function addCancel({ command, act }: CommandGroup): void {
  command('cancel', 'cancel a checkout; possible until its label is being made')
    .argument('<id>', 'id of the checkout', checkoutId)
    .action((id: string, options: CommonOptions) => act(options, (session) => cancel(session, id)));
}

/** Asks to cancel. The request is stored immediately; undoing takes time, and `watch` shows how it ends. */
async function cancel({ api, output, reach }: Session, id: string): Promise<ExitCode> {
  const { answer } = await api.post(`${checkoutPath(id)}/cancel`, objectOf({ id: text }));
  output.say(`Cancelling  ${id}: its steps are being undone`);
  output.say(`Watch       npx durable-checkout watch ${id}${reach}`);
  output.answer(answer);
  return EXIT.asPromised;
}
