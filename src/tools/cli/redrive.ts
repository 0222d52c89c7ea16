import { randomUUID } from 'node:crypto';
import { checkoutId, headerText, sentence, sinkName } from '../terminal/arguments';
import { inColumns, minuteOf } from '../terminal/columns';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { followErrand } from './errand';
import { repeatable } from './repeatable';
import type { CommandGroup, CommonOptions, Session } from './session';
import { listOf, number, objectOf, orNull, text, truth } from './shape';
import type { Shaped } from './shape';

interface RedriveOptions {
  readonly sink?: string;
  readonly target?: string;
  readonly checkout?: string;
  readonly reason: string;
  readonly plan?: boolean;
  readonly key?: string;
}

const PATH = '/v1/ops/outbox/redrive';

const share = { orders: number, events: number, oldest: orNull(text) };
const planShape = objectOf({ ...share, sinks: listOf(objectOf({ sink: text, ...share })) });
const answerShape = objectOf({ id: text, total: number, more: truth });
const progressShape = objectOf({
  ...{ id: text, state: text, total: number, done: number, remaining: number, failedAgain: number },
});

export function addRedrive({ command, act }: CommandGroup): void {
  command('redrive', 'deliver dead letters again, in the order of each checkout; Ctrl-C stops it')
    .option('--sink <sink>', 'only to this sink', sinkName)
    .option('--target <id>', 'only to this webhook', sinkName)
    .option('--checkout <id>', 'only of this checkout', checkoutId)
    .requiredOption('--reason <sentence>', 'why; it is recorded', sentence)
    .option('--plan', 'only show what would be delivered')
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .action((options: CommonOptions & RedriveOptions) => act(options, (session) => redrive(session, options)));
}

/** Has dead letters delivered again and follows that until it ends. The key is always printed: with it the call can be repeated. */
async function redrive(session: Session, options: RedriveOptions): Promise<ExitCode> {
  const { api, output } = session;
  const { sink, target, checkout, reason, plan = false, key = randomUUID() } = options;
  const body = { ...(sink && { sink }), ...(target && { target }), ...(checkout && { checkoutId: checkout }), reason };
  if (plan) return tellPlan(session, (await api.post(PATH, planShape, { body: { ...body, plan } })).answer);
  return repeatable(output, { key, twice: 'redriving' }, async () => {
    const { total, more } = (await api.post(PATH, answerShape, { body, key })).answer;
    output.say(`Redrive   ${total} events`);
    output.say(`Reason    ${reason}`);
    output.say(`Key       ${key}`);
    const end = await followErrand(session, {
      name: 'redrive',
      key,
      shape: progressShape,
      reached: ({ total: all, done, failedAgain }) => ({ total: all, done, failedAgain }),
      failing: 'failed again',
    });
    return tellEnd(session, end, more);
  });
}

function tellEnd({ output, reach }: Session, progress: Shaped<typeof progressShape>, more: boolean): ExitCode {
  const { state, done, total, remaining, failedAgain } = progress;
  output.answer({ ...progress, more });
  const stopped = state === 'stopped';
  output.say(`${stopped ? 'Stopped ' : 'Finished'}  ${done} of ${total} delivered`);
  if (stopped) output.say(`Dead      ${remaining} were not tried, and are dead again`);
  if (failedAgain > 0) output.say(`Failed    ${failedAgain} again: npx durable-checkout outbox${reach}`);
  if (more) output.say('More      there are more dead letters than one redrive takes: run it again');
  if (stopped) return EXIT.notAsPromised;
  return failedAgain > 0 || more ? EXIT.needsAttention : EXIT.asPromised;
}

function tellPlan({ output }: Session, plan: Shaped<typeof planShape>): ExitCode {
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
