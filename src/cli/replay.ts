import { randomUUID } from 'node:crypto';
import { minuteOf } from './columns';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';
import type { ReplayPlan, ReplayProgress } from './outbox-answers';
import { patiently } from './patiently';
import { Problem } from './problem';
import { progressDisplay } from './progress-display';
import type { Session } from './session';

const LOOK_EVERY_MS = 500;

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
  try {
    if (plan) return tellPlan(session, await api.planReplay(what));
    const { total, goneBefore } = await api.replay(what, key);
    output.say(`Replay    ${total} events to ${sink}`);
    output.say(`Reason    ${reason}`);
    output.say(`Key       ${key}`);
    tellGone(session, goneBefore);
    return tellEnd(session, await follow(session, key));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const code = output.fail(error, { key });
    if (!plan) output.complain(`The same call again, without replaying twice: --key ${key}`);
    return code;
  }
}

/** Until it has ended. Ctrl-C asks to stop it; without us it would go on. */
async function follow({ api, output, clock, onInterrupt }: Session, key: string): Promise<ReplayProgress> {
  const display = progressDisplay(output, 'delivered');
  const tell = (sentence: string) => {
    display.lift();
    output.complain(sentence);
  };
  let interrupted = false;
  let failure: string | null = null;
  const release = onInterrupt(() => {
    interrupted = true;
    tell('Stopping the replay; Ctrl-C again leaves it to go on');
  });
  try {
    for (;;) {
      const look = () => (interrupted ? api.stopReplay(key) : api.replayProgress(key));
      const progress = await patiently(look, { clock, onLost: tell });
      const { total, done, refused } = progress;
      display.show({ total, done: done - refused, failedAgain: refused });
      if (progress.failure !== null && progress.failure !== failure) tell(`It is tried again: ${progress.failure}`);
      ({ failure } = progress);
      if (progress.state === 'finished' || progress.state === 'stopped') return progress;
      await clock.rest(LOOK_EVERY_MS);
    }
  } finally {
    release();
    display.lift();
  }
}

function tellEnd({ output }: Session, progress: ReplayProgress): ExitCode {
  const { state, done, total, refused } = progress;
  output.answer(progress);
  const stopped = state === 'stopped';
  output.say(`${stopped ? 'Stopped ' : 'Finished'}  ${done} of ${total} events`);
  if (refused > 0) output.say(`Refused   ${refused} of them by the sink, for good`);
  if (stopped) return EXIT.notAsPromised;
  return refused > 0 ? EXIT.needsAttention : EXIT.asPromised;
}

function tellPlan(session: Session, plan: ReplayPlan): ExitCode {
  const { output } = session;
  output.answer(plan);
  const { events, orders, oldest, goneBefore } = plan;
  output.say(
    `${events} events of ${orders} orders would be delivered again${oldest ? `, from ${minuteOf(oldest)} on` : ''}.`,
  );
  tellGone(session, goneBefore);
  return EXIT.asPromised;
}

function tellGone({ output }: Session, goneBefore: string | null): void {
  if (goneBefore !== null) output.say(`Gone      the log begins at ${goneBefore}: what is older cannot be replayed`);
}
