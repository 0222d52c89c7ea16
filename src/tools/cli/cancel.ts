import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import type { Session } from './session';

/** Asks to cancel. The wish is kept from then on; the undoing takes its time, so its end is another command's to see. */
export async function cancel({ api, output, reach }: Session, id: string): Promise<ExitCode> {
  const answer = await api.cancel(id);
  output.say(`Cancelling  ${id}: what was done is being undone`);
  output.say(`Watch       npx durable-checkout watch ${id}${reach}`);
  output.answer(answer);
  return EXIT.asPromised;
}
