import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { headerText, moment, sentence, sinkName } from '../terminal/arguments';
import { minuteOf } from '../terminal/columns';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { followErrand } from './errand';
import { repeatable } from './repeatable';
import type { CommandGroup, CommonOptions, Session } from './session';
import { number, objectOf, orNull, text } from './shape';
import type { Shaped } from './shape';

interface ReplayOptions {
  readonly sink: string;
  readonly target?: string;
  readonly from: string;
  readonly to?: string;
  readonly reason: string;
  readonly plan?: boolean;
  readonly key?: string;
}

const PATH = '/v1/ops/outbox/replay';

/** The log begins at `goneBefore`: what is older is gone. */
const gone = { goneBefore: orNull(text) };
const planShape = objectOf({ events: number, orders: number, oldest: orNull(text), ...gone });
const answerShape = objectOf({ id: text, total: number, ...gone });
const progressShape = objectOf({
  ...{ id: text, state: text, total: number, done: number, refused: number, failure: orNull(text) },
});

/** A command of `outbox`. */
export function addReplay(outbox: Command, act: CommandGroup['act']): void {
  outbox
    .command('replay')
    .description('deliver again the events that a sink has lost, in order and marked; Ctrl-C stops it')
    .requiredOption('--sink <sink>', 'to this sink; settlement is not possible', sinkName)
    .option('--target <id>', 'only to this webhook, with --sink webhooks', sinkName)
    .requiredOption('--from <time>', 'events from then on, such as 2026-11-24T08:00:00Z', moment)
    .option('--to <time>', 'events before then (default: now)', moment)
    .requiredOption('--reason <sentence>', 'why; it is recorded', sentence)
    .option('--plan', 'only show how much would be delivered')
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .action((_options: unknown, self: Command) => {
      // Address and keys are options of `outbox`.
      const options = self.optsWithGlobals<CommonOptions & ReplayOptions>();
      return act(options, (session) => replay(session, options));
    });
}

/** Has a range of the log delivered again and follows that until it ends. The key is always printed: with it the call can be repeated. */
async function replay(session: Session, options: ReplayOptions): Promise<ExitCode> {
  const { api, output } = session;
  const { sink, target, from, to, reason, plan = false, key = randomUUID() } = options;
  const body = { sink, ...(target && { target }), from, ...(to && { to }), reason };
  if (plan) return tellPlan(session, (await api.post(PATH, planShape, { body: { ...body, plan } })).answer);
  return repeatable(output, { key, twice: 'replaying' }, async () => {
    const { total, goneBefore } = (await api.post(PATH, answerShape, { body, key })).answer;
    output.say(`Replay    ${total} events to ${sink}`);
    output.say(`Reason    ${reason}`);
    output.say(`Key       ${key}`);
    tellGone(session, goneBefore);
    const end = await followErrand(session, {
      name: 'replay',
      key,
      shape: progressShape,
      reached: ({ total: all, done, refused }) => ({ total: all, done: done - refused, failedAgain: refused }),
      failing: 'refused',
    });
    return tellEnd(session, end, goneBefore);
  });
}

function tellEnd({ output }: Session, progress: Shaped<typeof progressShape>, goneBefore: string | null): ExitCode {
  const { state, done, total, refused } = progress;
  output.answer({ ...progress, goneBefore });
  const stopped = state === 'stopped';
  output.say(`${stopped ? 'Stopped ' : 'Finished'}  ${done} of ${total} events`);
  if (refused > 0) output.say(`Refused   ${refused} of them by the sink, for good`);
  if (stopped) return EXIT.notAsPromised;
  return refused > 0 ? EXIT.needsAttention : EXIT.asPromised;
}

function tellPlan(session: Session, plan: Shaped<typeof planShape>): ExitCode {
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
  output.say(`Gone      the log begins at ${minuteOf(goneBefore)}: older events cannot be replayed`);
}
