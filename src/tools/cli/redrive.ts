import { randomUUID } from 'node:crypto';
import { inColumns, minuteOf } from '../terminal/columns';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { followErrand } from './follow-errand';
import type { RedrivePlan, RedriveProgress } from './outbox-answers';
import { Problem } from '../terminal/problem';
import type { Session } from './session';

export interface RedriveOptions {
  readonly sink?: string;
  readonly target?: string;
  readonly checkout?: string;
  readonly reason: string;
  readonly plan?: boolean;
  readonly key?: string;
}

/** Has dead letters delivered again and stays until that has ended. The key is printed whatever happens: with it the call can be repeated. */
export async function redrive(session: Session, options: RedriveOptions): Promise<ExitCode> {
  const { api, output } = session;
  const { sink, target, checkout, reason, plan = false, key = randomUUID() } = options;
  const what = { ...(sink && { sink }), ...(target && { target }), ...(checkout && { checkoutId: checkout }), reason };
  if (plan) return tellPlan(session, await api.planRedrive(what));
  try {
    const { total, more } = await api.redrive(what, key);
    output.say(`Redrive   ${total} events`);
    output.say(`Reason    ${reason}`);
    output.say(`Key       ${key}`);
    const end = await followErrand(session, {
      name: 'redrive',
      look: () => api.redriveProgress(key),
      stop: () => api.stopRedrive(key),
      reached: ({ total: all, done, failedAgain }) => ({ total: all, done, failedAgain }),
      failing: 'failed again',
    });
    return tellEnd(session, end, more);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const code = output.fail(error, { key });
    output.complain(`The same call again, without redriving twice: --key ${key}`);
    return code;
  }
}

function tellEnd({ output, reach }: Session, progress: RedriveProgress, more: boolean): ExitCode {
  const { state, done, total, remaining, failedAgain } = progress;
  output.answer({ ...progress, more });
  const stopped = state === 'stopped';
  output.say(`${stopped ? 'Stopped ' : 'Finished'}  ${done} of ${total} delivered`);
  if (stopped) output.say(`Dead      ${remaining} were not tried, and are dead again`);
  if (failedAgain > 0) output.say(`Failed    ${failedAgain} again: npx durable-checkout outbox${reach}`);
  if (more) output.say('More      there are more dead ones than one redrive takes: do it again');
  if (stopped) return EXIT.notAsPromised;
  return failedAgain > 0 || more ? EXIT.needsAttention : EXIT.asPromised;
}

function tellPlan({ output }: Session, plan: RedrivePlan): ExitCode {
  output.answer(plan);
  if (plan.orders === 0) {
    output.say('Nothing would be redriven.');
    return EXIT.asPromised;
  }
  const cells = plan.sinks.map(({ sink, orders, events, oldest }) => [
    ...[sink, String(orders), String(events), oldest === null ? '-' : minuteOf(oldest)],
  ]);
  const [head = '', ...rows] = inColumns([['SINK', 'ORDERS', 'EVENTS', 'OLDEST'], ...cells]);
  output.draw([{ text: head, style: 'dim' }]);
  for (const row of rows) output.say(row);
  return EXIT.asPromised;
}
