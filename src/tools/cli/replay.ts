import { randomUUID } from 'node:crypto';
import { minuteOf } from '../terminal/columns';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { followErrand } from './follow-errand';
import type { ReplayPlan, ReplayProgress } from './outbox-answers';
import { Problem } from '../terminal/problem';
import type { Session } from './session';

export interface ReplayOptions {
  readonly sink: string;
  readonly target?: string;
  readonly from: string;
  readonly to?: string;
  readonly reason: string;
  readonly plan?: boolean;
  readonly key?: string;
}

/** Has a range of the log delivered again and stays until that has ended. With the key, which is printed, the call can be repeated. */
export async function replay(session: Session, options: ReplayOptions): Promise<ExitCode> {
  const { api, output } = session;
  const { sink, target, from, to, reason, plan = false, key = randomUUID() } = options;
  const what = { sink, ...(target && { target }), from, ...(to && { to }), reason };
  if (plan) return tellPlan(session, await api.planReplay(what));
  try {
    const { total, goneBefore } = await api.replay(what, key);
    output.say(`Replay    ${total} events to ${sink}`);
    output.say(`Reason    ${reason}`);
    output.say(`Key       ${key}`);
    tellGone(session, goneBefore);
    const end = await followErrand(session, {
      name: 'replay',
      look: () => api.replayProgress(key),
      stop: () => api.stopReplay(key),
      reached: ({ total: all, done, refused }) => ({ total: all, done: done - refused, failedAgain: refused }),
      failing: 'refused',
    });
    return tellEnd(session, end, goneBefore);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const code = output.fail(error, { key });
    output.complain(`The same call again, without replaying twice: --key ${key}`);
    return code;
  }
}

function tellEnd({ output }: Session, progress: ReplayProgress, goneBefore: string | null): ExitCode {
  const { state, done, total, refused } = progress;
  output.answer({ ...progress, goneBefore });
  const stopped = state === 'stopped';
  output.say(`${stopped ? 'Stopped ' : 'Finished'}  ${done} of ${total} events`);
  if (refused > 0) output.say(`Refused   ${refused} of them by the sink, for good`);
  if (stopped) return EXIT.notAsPromised;
  return refused > 0 ? EXIT.needsAttention : EXIT.asPromised;
}

function tellPlan(session: Session, plan: ReplayPlan): ExitCode {
  const { output } = session;
  const { events, orders, oldest, goneBefore } = plan;
  output.answer(plan);
  const since = oldest === null ? '' : `, from ${minuteOf(oldest)} on`;
  output.say(`${events} events of ${orders} orders would be delivered again${since}.`);
  tellGone(session, goneBefore);
  return EXIT.asPromised;
}

function tellGone({ output }: Session, goneBefore: string | null): void {
  if (goneBefore === null) return;
  output.say(`Gone      the log begins at ${minuteOf(goneBefore)}: what is older cannot be replayed`);
}
