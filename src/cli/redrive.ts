import { randomUUID } from 'node:crypto';
import { inColumns, minuteOf } from './columns';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';
import type { RedrivePlan, RedriveProgress } from './outbox-answers';
import { patiently } from './patiently';
import { Problem } from './problem';
import { progressDisplay } from './progress-display';
import type { Session } from './session';

/** A redrive carries thousands of events a second at most: often enough for a bar to move. */
const LOOK_EVERY_MS = 500;

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
    return tellEnd(session, await follow(session, key), more);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const code = output.fail(error, { key });
    output.complain(`The same call again, without redriving twice: --key ${key}`);
    return code;
  }
}

/** Until it has ended. Ctrl-C asks to stop it; without us it would go on. */
async function follow({ api, output, clock, onInterrupt }: Session, key: string): Promise<RedriveProgress> {
  const display = progressDisplay(output, 'delivered');
  const tell = (sentence: string) => {
    display.lift();
    output.complain(sentence);
  };
  let interrupted = false;
  const release = onInterrupt(() => {
    interrupted = true;
    tell('Stopping the redrive; Ctrl-C again leaves it to go on');
  });
  try {
    for (;;) {
      const look = () => (interrupted ? api.stopRedrive(key) : api.redriveProgress(key));
      const progress = await patiently(look, { clock, onLost: tell });
      display.show(progress);
      if (progress.state !== 'running') return progress;
      await clock.rest(LOOK_EVERY_MS);
    }
  } finally {
    release();
    display.lift();
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
