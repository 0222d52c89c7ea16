import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import type { StrandedItem } from './operation-calls';
import { retryWhileAway } from './retry-while-away';
import { Problem } from '../terminal/problem';
import { progressDisplay } from '../terminal/progress-display';
import type { Session } from './session';

/** An order that somebody else resumes, or has resumed, or that has ended: nothing is left to do, and nothing was done by us. */
const SEEN_TO = ['nothing-to-resume', 'idempotency-key-in-use'];

/** All that are stranded now, one after the other. What could not be resumed is told, with why. */
export async function resumeAll(session: Session, { reason, key }: { reason: string; key: string }): Promise<ExitCode> {
  const { api, output, clock, reach } = session;
  const display = progressDisplay(output, 'resumed', 'failed');
  const tell = (sentence: string) => {
    display.lift();
    output.complain(sentence);
  };
  const patience = { clock, onLost: tell };
  const stranded: StrandedItem[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const from: string = cursor;
    const page = await retryWhileAway(() => api.stranded(from), patience);
    stranded.push(...page.stranded);
    cursor = page.next;
  }
  const failed: string[] = [];
  let [resumed, seenTo] = [0, 0];
  if (stranded.length > 0) {
    output.say(`Resume    ${stranded.length} orders`);
    output.say(`Reason    ${reason}`);
    output.say(`Key       ${key}`);
  }
  try {
    for (const { checkoutId } of stranded) {
      try {
        await retryWhileAway(() => api.resume(checkoutId, reason, key), patience);
        resumed += 1;
      } catch (error) {
        if (!(error instanceof Problem) || error.mayPass) throw error;
        if (SEEN_TO.includes(error.document.code)) seenTo += 1;
        else {
          failed.push(checkoutId);
          tell(`${checkoutId}: ${error.sentence}`);
        }
      }
      display.show({ total: stranded.length, done: resumed + seenTo, failedAgain: failed.length });
    }
  } finally {
    display.lift();
  }

  output.answer({ found: stranded.length, resumed, seenTo, failed, key });
  if (stranded.length === 0) output.say('Nothing is stranded.');
  else output.say(`Finished  ${resumed} of ${stranded.length} resumed`);
  if (seenTo > 0) output.say(`Seen to   ${seenTo} that somebody else had resumed, or that had ended`);
  if (failed.length > 0)
    output.say(`Failed    ${failed.length}: look at each with npx durable-checkout status <id>${reach}`);
  return failed.length > 0 ? EXIT.notAsPromised : EXIT.asPromised;
}
