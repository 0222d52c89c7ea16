import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import type { Session } from './session';

/** Asks to cancel. The request is stored at once; undoing takes time, and `watch` shows how it ends. */
export async function cancel({ api, output, reach }: Session, id: string): Promise<ExitCode> {
  const answer = await api.cancel(id);
  output.say(`Cancelling  ${id}: its steps are being undone`);
  output.say(`Watch       npx durable-checkout watch ${id}${reach}`);
  output.answer(answer);
  return EXIT.asPromised;
}
