import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { retryWhileAway } from './retry-while-away';
import { Problem } from '../terminal/problem';
import { progressDisplay } from '../terminal/progress-display';
import type { ApiClient } from './api-client';
import type { Session } from './session';
import { doneShape, listOf, objectOf, orNull, text } from './shape';

/** The order has ended, or somebody else resumes or has resumed it: nothing is left to do, and we did nothing. */
const SEEN_TO = ['nothing-to-resume', 'idempotency-key-in-use'];

const pageShape = objectOf({ stranded: listOf(objectOf({ checkoutId: text })), next: orNull(text) });

interface Act {
  readonly reason: string;
  readonly key: string;
}

export const resumeOrder = (api: ApiClient, id: string, { reason, key }: Act) =>
  api.post(`/v1/ops/checkouts/${encodeURIComponent(id)}/resume`, doneShape, { body: { reason }, key });

/** Resumes all orders that are stranded now, one after another, and reports those that could not be resumed, with the reason. */
export async function resumeAll({ api, output, clock, reach }: Session, act: Act): Promise<ExitCode> {
  const display = progressDisplay(output, 'resumed', 'failed');
  const tell = (sentence: string) => {
    display.lift();
    output.complain(sentence);
  };
  const patience = { clock, onLost: tell };
  const stranded: string[] = [];
  for (let query: Record<string, string> | undefined = {}; query !== undefined;) {
    const from: Record<string, string> = query;
    const page = await retryWhileAway(() => api.get('/v1/ops/stranded', pageShape, from), patience);
    stranded.push(...page.stranded.map(({ checkoutId }) => checkoutId));
    query = page.next === null ? undefined : { cursor: page.next };
  }
  const failed: string[] = [];
  let [resumed, seenTo] = [0, 0];
  if (stranded.length > 0) {
    output.say(`Resume    ${stranded.length} orders`);
    output.say(`Reason    ${act.reason}`);
    output.say(`Key       ${act.key}`);
  }
  try {
    for (const checkoutId of stranded) {
      try {
        await retryWhileAway(() => resumeOrder(api, checkoutId, act), patience);
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

  output.answer({ found: stranded.length, resumed, seenTo, failed, key: act.key });
  if (stranded.length === 0) output.say('Nothing is stranded.');
  else output.say(`Finished  ${resumed} of ${stranded.length} resumed`);
  if (seenTo > 0) output.say(`Skipped   ${seenTo} that had ended, or that somebody else resumed`);
  if (failed.length > 0)
    output.say(`Failed    ${failed.length}: check each with npx durable-checkout status <id>${reach}`);
  return failed.length > 0 ? EXIT.notAsPromised : EXIT.asPromised;
}
